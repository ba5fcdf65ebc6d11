import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Credentials } from '../realtime/credentials.ts'
import type { Principal } from '../realtime/types.ts'
import { heldOf } from './callers.ts'
import { isOver } from './held.ts'
import type { Identity } from './identity.ts'

/** How the live bridge learns who is on the other end. */
export interface LiveAccess {
  /** Whoever the request came with; else somebody who may do nothing until a ticket says who it is. */
  authenticate(request: FastifyRequest): Principal | undefined
  readonly credentials: Credentials
}

interface Waiting {
  readonly origin: string
  /** Monotonic ms. */
  readonly since: number
}

/** Connections that have not said who they are; each has `grace` ms for it. */
const most = 100
const grace = 10_000

const noRights = (): boolean => false

/**
 * Sessions and tokens come with the handshake, where the origin is checked; tickets in the first frame. A connection whose
 * session or token is over is ended at the next look; rights are asked for anew at each.
 */
export function createLiveAccess(
  { tickets }: Pick<Identity, 'tickets'>,
  now: () => number,
  monotonic: () => number = () => performance.now(),
): LiveAccess {
  const waiting = new Map<string, Waiting>()
  function makeRoom(): boolean {
    for (const [id, { since }] of waiting) if (monotonic() - since > grace) waiting.delete(id)
    return waiting.size < most
  }
  function somebody({ headers }: FastifyRequest): Principal | undefined {
    // A client that sent something else to prove itself with, in vain, is told so at once.
    if (headers.authorization !== undefined || !makeRoom()) return undefined
    const id = `?${randomBytes(12).toString('base64url')}`
    waiting.set(id, { origin: headers.origin ?? '', since: monotonic() })
    return { id, name: '', may: noRights }
  }
  const alive = (principal: Principal): boolean => {
    const held = heldOf(principal)
    return held === undefined || !isOver(held, now())
  }
  return {
    authenticate: (request) => request.principal ?? somebody(request),
    credentials: {
      verify(token, current) {
        if (!current.id.startsWith('?')) return alive(current) ? current : undefined
        const known = waiting.get(current.id)
        waiting.delete(current.id)
        if (token === undefined || known === undefined) return undefined
        const caller = tickets.redeem(token, known.origin)
        return caller !== undefined && alive(caller) ? caller : undefined
      },
      current: (principal) => (alive(principal) ? principal : undefined),
    },
  }
}
