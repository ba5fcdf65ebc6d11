import { setTimeout as sleep } from 'node:timers/promises'
import { rawClient } from '../support/raw-client.ts'

const pages = [
  '/api/system/metrics',
  '/api/database/health',
  '/api/models/status',
  '/api/alerts/firing',
  '/api/no-such-page',
]
const topics = ['system', 'database', 'models', 'alerts']

/** Somebody who has the console open: a live connection with every topic, requests to every page, now and then a new tab. */
export async function watch(console: string, signal: AbortSignal): Promise<void> {
  const socket = `${console.replace('http', 'ws')}/connection/websocket`
  using open = await rawClient(socket)
  open.send(...topics.map((channel, at) => ({ id: 10 + at, subscribe: { channel } })))
  while (!signal.aborted) {
    for (const page of pages) await fetch(console + page, { signal }).catch(() => undefined)
    // The one that stays answers pings, or it would be closed.
    open.send({})
    using tab = await rawClient(socket)
    tab.send({ id: 2, subscribe: { channel: topics[0] } })
    await sleep(500, undefined, { signal }).catch(() => undefined)
  }
}
