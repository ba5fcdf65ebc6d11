import type { WebSocket } from 'ws'
import type { Site } from '../stage/site.ts'
import { longTailed, pick } from '../wave.ts'
import { crowd, pause } from './crowd.ts'

const topics = ['system', 'database', 'models', 'alerts'] as const

/** A connection with so many topics. One that is `attentive` answers pings; any other is closed after a while. */
export async function join(site: Site, count: number, attentive = true): Promise<WebSocket> {
  const connect = await site.connectCommand()
  const socket = await site.socket('/connection/websocket')
  if (attentive) socket.on('message', (data: Buffer) => data.toString().trim() === '{}' && socket.send('{}'))
  const subscribe = topics.slice(0, count).map((channel, at) => ({ id: 10 + at, subscribe: { channel } }))
  socket.send([connect, ...subscribe].map((command) => JSON.stringify(command)).join('\n'))
  return socket
}

async function staySocket(socket: WebSocket, signal: AbortSignal): Promise<void> {
  const left = new AbortController()
  socket.once('close', () => left.abort())
  await pause(longTailed(5000, 120_000), AbortSignal.any([signal, left.signal]))
  // Some close the lid instead of the page.
  if (Math.random() < 0.2 || signal.aborted) socket.terminate()
  else socket.close()
}

/** A page behind a proxy that knows no sockets. */
async function stayStream(site: Site, signal: AbortSignal): Promise<void> {
  const commands = [await site.connectCommand(), { id: 2, subscribe: { channel: pick(topics) } }]
  const query = commands.map((command) => JSON.stringify(command)).join('\n')
  const answer = await site.request(`/connection/sse?cf_connect=${encodeURIComponent(query)}`)
  // The request gives up after ten seconds by itself.
  await answer.body?.pipeTo(new WritableStream(), { signal })
}

async function visit(site: Site, signal: AbortSignal): Promise<void> {
  if (!site.open) return
  const dice = Math.random()
  if (dice < 0.1) return stayStream(site, signal)
  const plain = dice < 0.2 && !site.accounts
  await staySocket(plain ? await site.socket('/ws/system') : await join(site, Math.ceil(Math.random() * 4)), signal)
}

/** Pages that are opened and closed until the signal aborts. */
export const socketTraffic = (site: Site, signal: AbortSignal): Promise<void> =>
  crowd({ most: 12, rest: 3000, signal }, () => visit(site, signal))
