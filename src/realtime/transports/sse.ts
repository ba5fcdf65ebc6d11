import type { FastifyInstance } from 'fastify'
import { refuse } from '../../auth/refuse.ts'
import type { Bridge } from '../bridge.ts'
import { createGuard } from '../limits/guard.ts'
import { openEmulated } from './emulation-sessions.ts'
import type { StreamFormat } from './emulation-stream.ts'

const format: StreamFormat = {
  kind: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  frame: (message) => `data: ${message}\n\n`,
}

const missing = { status: 400, code: 'BAD_REQUEST', message: 'cf_connect must hold the connect command' }

/** `GET /connection/sse?cf_connect=…`: an event stream that begins with the connect command of the query. */
export function sse(app: FastifyInstance, bridge: Bridge): void {
  app.get<{ Querystring: { readonly cf_connect?: unknown } }>(
    '/connection/sse',
    {
      config: { capability: 'public', handshake: true },
      // A HEAD would open a session and say nothing.
      exposeHeadRoute: false,
      onRequest: createGuard(bridge),
    },
    async (request, reply) => {
      const { cf_connect: commands } = request.query
      if (typeof commands !== 'string' || commands === '') return refuse(reply, missing)
      return openEmulated(bridge, { request, reply }, format, commands)
    },
  )
}
