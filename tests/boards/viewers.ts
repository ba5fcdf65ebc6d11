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

/** Somebody who has the console open, with an API token: a live connection with every topic, requests to every page, now and then a new tab. */
export async function watch(console: string, token: string, signal: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const socket = `${console.replace('http', 'ws')}/connection/websocket`
  async function connect() {
    const answer = await fetch(`${console}/api/account/ticket`, { method: 'POST', headers, signal })
    const { ticket } = (await answer.json()) as { readonly ticket: string }
    const client = await rawClient(socket, { connect: false })
    client.send({ id: 1, connect: { token: ticket } })
    await client.reply(1)
    return client
  }
  using open = await connect()
  open.send(...topics.map((channel, at) => ({ id: 10 + at, subscribe: { channel } })))
  while (!signal.aborted) {
    for (const page of pages) await fetch(console + page, { headers, signal }).catch(() => undefined)
    // The one that stays answers pings, or it would be closed.
    open.send({})
    using tab = await connect()
    tab.send({ id: 2, subscribe: { channel: topics[0] } })
    await sleep(500, undefined, { signal }).catch(() => undefined)
  }
}
