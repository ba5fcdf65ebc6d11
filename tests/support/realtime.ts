import { fastify } from 'fastify'
import { Centrifuge, type Options } from 'centrifuge'
import { WebSocket } from 'ws'
import realtime, { type RealtimeOptions } from '../../src/plugins/realtime.ts'
import type { Principal, Topic } from '../../src/realtime/types.ts'

/** Someone who may do everything, or only what is listed. */
export const someone = (id = 'ada', capabilities?: Set<string>): Principal => ({
  id,
  name: id,
  may: (capability) => capabilities?.has(capability) ?? true,
})

/** One topic of each class, named after it. */
export const topics: readonly Topic[] = (['alert', 'stream', 'event', 'state'] as const).map((name) => ({
  name,
  class: name,
  capability: `${name}:read`,
}))

/** The real plugin on a free port, with one topic of each class. */
export async function startBridge(options: Partial<RealtimeOptions> & { port?: number } = {}) {
  const app = fastify({ forceCloseConnections: true })
  await app.register(realtime, {
    authenticate: () => someone(),
    allowsOrigin: () => true,
    contract: 7,
    version: '1.2.3',
    topics,
    ...options,
  })
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    app,
    bridge: app.bridge,
    port,
    url: `ws://127.0.0.1:${port}/connection/websocket`,
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** The real client of the protocol, with delays short enough for tests. */
export function client(url: string, options: Partial<Options> = {}) {
  const centrifuge = new Centrifuge(url, {
    websocket: WebSocket,
    minReconnectDelay: 1,
    maxReconnectDelay: 20,
    ...options,
  })
  return Object.assign(centrifuge, { [Symbol.dispose]: () => centrifuge.disconnect() })
}

/** Resolves as soon as `what` holds; fails after `ms` with what was waited for. */
export async function until(what: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms
  while (!what()) {
    if (Date.now() > end) throw new Error(`never happened: ${what.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
