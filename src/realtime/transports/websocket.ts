import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Bridge } from '../bridge.ts'
import { closes } from '../codes.ts'
import { createGuard, principalOf } from '../limits/guard.ts'
import type { PingingTransport, SharingTransport } from '../message.ts'
import { createFrameWriter } from './frames.ts'
import { displayed } from './peer.ts'

/** Of `@fastify/websocket`: what a socket may cost. The limit of a message is the protocol's; the rest is ours. */
export const websocketOptions = {
  maxPayload: 1024 * 1024,
  maxFragments: 16,
  maxBufferedChunks: 256,
  perMessageDeflate: false,
  closeTimeout: 2000,
  // The browser asks for it only when told to; unknown ones are ignored.
  handleProtocols: (protocols: ReadonlySet<string>) => (protocols.has('centrifuge-json') ? 'centrifuge-json' : false),
} as const

/** A socket as the bridge sees it. */
export function websocketTransport(
  socket: WebSocket,
  request: FastifyRequest,
  kind: 'websocket' | 'plain',
): SharingTransport & PingingTransport {
  const { write, pass } = createFrameWriter(socket)
  return {
    kind,
    peer: displayed(request.ip),
    get buffered() {
      return socket.bufferedAmount
    },
    send(messages) {
      // Those who know no protocol expect one document per message.
      if (kind === 'plain') for (const message of messages) write([message], [])
      else write(messages, [])
    },
    sendShared: write,
    pass,
    close: (code, reason) => socket.close(code, reason),
    ping: () => socket.ping(),
  }
}

const paths = ['/connection/websocket', '/ws']

/** The protocol over WebSocket, at `/connection/websocket` and `/ws`. */
export function websocket(app: FastifyInstance, bridge: Bridge): void {
  // Judged before the upgrade: a socket that is refused later would linger until its peer lets go.
  const route = { websocket: true, config: { capability: 'public' }, onRequest: createGuard(bridge) } as const
  for (const path of paths) {
    app.get(path, route, (socket, request) => {
      const session = bridge.open(websocketTransport(socket, request, 'websocket'), principalOf(request))
      // Attached before anything is awaited: what arrives earlier would be lost.
      hold(socket)
      socket.on('message', (data: Buffer, binary) => {
        if (binary) session.close(closes.badRequest.code, closes.badRequest.reason)
        else session.receive(data.toString())
      })
      socket.on('close', () => session.closed())
    })
  }
}

/**
 * Takes errors of the socket upon us: `ws` closes it with the right code by itself (1002, 1007, 1009), and the handler
 * of the plugin would tear it down before that code has left, and keep the whole request in memory until then.
 */
export function hold(socket: WebSocket): void {
  socket.removeAllListeners('error')
  socket.on('error', ignore)
}

const ignore = (): void => undefined
