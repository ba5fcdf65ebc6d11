import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RefusedError } from '../errors.ts'

// What the framework refuses has codes that name the framework, and others tomorrow.
const codes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'TOO_LARGE',
  414: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
}

const codeOf = ({ code }: Partial<FastifyError>, status: number): string =>
  code === undefined || code.startsWith('FST_') ? (codes[status] ?? 'REFUSED') : code

/** Answers every failure as `{ error: { code, message } }`: a 4xx keeps its message, a 5xx is logged and loses it. */
export function errors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
    if (status < 500) {
      const details = error instanceof RefusedError ? error.details : {}
      sayWhen(reply, error)
      return reply.code(status).send({ error: { ...details, code: codeOf(error, status), message: error.message } })
    }
    // Refused for now, not broken: busy, and it says when to come back.
    if (error instanceof RefusedError && status === 503) {
      sayWhen(reply, error)
      return reply.code(503).send({ error: { code: error.code, message: error.message } })
    }
    request.log.error({ err: error, url: request.url }, 'request failed')
    return reply.code(status).send({ error: { code: 'INTERNAL', message: 'internal error; the log says more' } })
  })
  app.setNotFoundHandler((request, reply) => {
    return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no ${request.method} ${request.url} here` } })
  })
}

/** When to come back, in seconds, where the refusal knows it. */
function sayWhen(reply: FastifyReply, error: Error): void {
  const after = error instanceof RefusedError ? error.details['retryAfter'] : undefined
  if (typeof after === 'number') void reply.header('retry-after', String(after))
}
