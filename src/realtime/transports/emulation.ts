import type { FastifyInstance } from 'fastify'
import { refuse } from '../../auth/refuse.ts'
import type { Bridge } from '../bridge.ts'
import { createGuard, principalOf } from '../limits/guard.ts'
import { nestsDeeper } from '../protocol/nesting.ts'
import { takeText } from './emulation-body.ts'
import { endedHere } from './emulation-sessions.ts'

/** Commands for a session whose replies leave elsewhere, as a stream. */
interface Envelope {
  readonly session: string
  /** One or more commands, separated by newlines. */
  readonly data: string
}

const malformed = { status: 400, code: 'BAD_REQUEST', message: 'The body must be {"session":"…","data":"…"}' }
const unknown = { status: 404, code: 'UNKNOWN_SESSION', message: 'There is no such session' }

const longestId = 64

/** The envelope in a body, or undefined if that is none. */
export function parseEnvelope(body: string): Envelope | undefined {
  if (nestsDeeper(body, 1)) return undefined
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null) return undefined
    const { session, data } = value as Partial<Record<string, unknown>>
    if (typeof session !== 'string' || session.length > longestId || typeof data !== 'string') return undefined
    return { session, data }
  } catch {
    return undefined
  }
}

/**
 * `POST /emulation`: the client's half of an event stream or an HTTP stream. 204 when the commands were taken, and when
 * the session has just ended, because then its stream says how; 404 makes the client connect anew.
 */
export function emulation(app: FastifyInstance, bridge: Bridge): void {
  void app.register((scope, _options, done) => {
    takeText(scope)
    scope.post<{ Body: string | undefined }>(
      '/emulation',
      { config: { capability: 'public' }, onRequest: createGuard(bridge) },
      async (request, reply) => {
        const envelope = parseEnvelope(request.body ?? '')
        if (envelope === undefined) return refuse(reply, malformed)
        const session = bridge.session(envelope.session, principalOf(request))
        session?.receive(envelope.data)
        const heard = session !== undefined || endedHere(bridge, envelope.session)
        return heard ? reply.code(204).send() : refuse(reply, unknown)
      },
    )
    done()
  })
}
