import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RefusedError } from '../errors.ts'

/** Answers every failure as `{ error: { code, message } }`: a 4xx keeps its message, a 5xx is logged and loses it. */
export function errors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
    if (status < 500) {
      const details = error instanceof RefusedError ? error.details : {}
      return reply.code(status).send({ error: { ...details, code: error.code, message: error.message } })
    }
    request.log.error({ err: error, url: request.url }, 'request failed')
    return reply.code(status).send({ error: { code: 'INTERNAL', message: 'internal error; the log says more' } })
  })
  app.setNotFoundHandler((request, reply) => {
    return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no ${request.method} ${request.url} here` } })
  })
}
