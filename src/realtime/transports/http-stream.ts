import type { FastifyInstance } from 'fastify'
import type { Bridge } from '../bridge.ts'
import { createGuard } from '../limits/guard.ts'
import { takeText } from './emulation-body.ts'
import { openEmulated } from './emulation-sessions.ts'
import type { StreamFormat } from './emulation-stream.ts'

const format: StreamFormat = {
  kind: 'http_stream',
  contentType: 'application/json; charset=utf-8',
  frame: (message) => `${message}\n`,
}

/** `POST /connection/http_stream` with the connect command as body: an answer of one protocol message per line. */
export function httpStream(app: FastifyInstance, bridge: Bridge): void {
  void app.register((scope, _options, done) => {
    takeText(scope)
    scope.post<{ Body: string | undefined }>(
      '/connection/http_stream',
      { config: { capability: 'public', handshake: true }, onRequest: createGuard(bridge) },
      async (request, reply) => openEmulated(bridge, { request, reply }, format, request.body ?? ''),
    )
    done()
  })
}
