import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { refuse } from '../../auth/refuse.ts'
import type { Limits } from './index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route opens a connection that stays, as an upgrade does, and counts as one. */
    handshake?: true
  }
}

const messages = { 429: 'Too many connections from this address', 503: 'Too many connections at once' } as const

/**
 * Lets handshakes in one after the other when many come at once, and answers those beyond the limits with 429 or 503 and
 * `Retry-After`, before anything else of them is looked at.
 */
export function limitHandshakes(app: FastifyInstance, limits: Pick<Limits, 'handshake'>): void {
  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions
    if (request.headers.upgrade === undefined && config.handshake !== true) return undefined
    const answer = limits.handshake(request.ip)
    if (answer === undefined) return undefined
    if ('wait' in answer) return sleep(answer.wait, undefined, { ref: false })
    const { status, retryAfter } = answer
    return refuse(reply, { status, code: 'TOO_MANY_REQUESTS', message: messages[status], retryAfter })
  })
}
