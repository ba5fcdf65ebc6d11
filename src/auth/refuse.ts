import type { FastifyReply } from 'fastify'

/** A refusal: status, a code for programs, and one line for people that repeats nothing of the request. */
export interface Refused {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Seconds until another try may succeed. */
  readonly retryAfter?: number
  /** Sent along with the code, for programs. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * Answers a request with `{ error: { code, message } }`. An upgrade's socket no longer belongs to the HTTP server, which
 * would never close it: it ends with the answer, or mute callers could pile them up.
 */
export function refuse(reply: FastifyReply, { status, code, message, retryAfter, details }: Refused): FastifyReply {
  const { raw } = reply.request
  if (raw.headers.upgrade !== undefined) {
    void reply.header('connection', 'close')
    reply.raw.once('finish', () => raw.socket.destroySoon())
  }
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  return reply.code(status).send({ error: { ...details, code, message } })
}
