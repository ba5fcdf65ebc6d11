import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Bridge } from '../bridge.ts'
import { closes } from '../codes.ts'
import { commandLimit, createCommandLimit } from '../limits/commands.ts'
import { createGuard, permittedTopic, principalOf } from '../limits/guard.ts'
import { hold, websocketTransport } from './websocket.ts'

const isPing = (text: string): boolean => text.trim() === '{}'

function serve(bridge: Bridge, socket: WebSocket, request: FastifyRequest, topic: string): void {
  const transport = websocketTransport(socket, request, 'plain')
  const command = createCommandLimit(commandLimit, () => performance.now())
  const session = bridge.feed(transport, principalOf(request), topic)
  socket.on('pong', () => session.receive(''))
  // Answered by ws itself; but not as many as they like.
  socket.on('ping', () => allowed())
  socket.on('message', (data: Buffer, binary: boolean) => {
    if (!allowed()) return
    session.receive('')
    if (!binary && data.length < 16 && isPing(data.toString())) transport.send(['{}'])
  })
  socket.on('close', () => session.closed())
  hold(socket)

  function allowed(): boolean {
    const verdict = command()
    if (verdict === 'close') session.close(closes.tooManyRequests.code, closes.tooManyRequests.reason)
    return verdict === 'ok'
  }
}

/**
 * `/ws/<topic>`: one topic as plain JSON for scripts. The snapshot first, then each payload as it is published; what
 * arrives is ignored, but for `{}`, which is answered with `{}`. Every declared topic has one.
 */
export function plain(app: FastifyInstance, bridge: Bridge): void {
  app.get<{ Params: { readonly topic: string } }>(
    '/ws/:topic',
    {
      websocket: true,
      config: { capability: 'public' },
      onRequest: createGuard(bridge),
      preValidation: async (request, reply) => {
        return permittedTopic(bridge, request, reply, request.params.topic) === undefined ? reply : undefined
      },
    },
    (socket, request) => serve(bridge, socket, request, request.params.topic),
  )
}
