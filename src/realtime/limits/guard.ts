import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { refuse, type Refused } from '../../auth/refuse.ts'
import type { Bridge } from '../bridge.ts'
import type { Principal, Topic } from '../types.ts'

const draining: Refused = { status: 503, code: 'DRAINING', message: 'Aura is shutting down', retryAfter: 2 }
const foreign: Refused = { status: 403, code: 'ORIGIN', message: 'Requests from this origin are not served' }
const nobody: Refused = { status: 401, code: 'UNAUTHORIZED', message: 'Sign in first' }
const noTopic: Refused = { status: 404, code: 'UNKNOWN_TOPIC', message: 'There is no such topic' }

const principals = new WeakMap<FastifyRequest, Principal>()

/** Who sends a request that passed `createGuard`. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request)
  if (principal === undefined) throw new Error('the route has no guard')
  return principal
}

/** What every way into the bridge asks before it upgrades, streams or reads a body: running, origin, who it is. */
export function createGuard(bridge: Bridge): onRequestAsyncHookHandler {
  return async (request, reply) => {
    if (bridge.draining) return refuse(reply, draining)
    if (!bridge.allowsOrigin(request.headers.origin, request)) return refuse(reply, foreign)
    const principal = await bridge.authenticate(request)
    if (principal === undefined) return refuse(reply, nobody)
    principals.set(request, principal)
    return undefined
  }
}

/** Asks again who sends a request that has waited; false when it has been answered, 401. */
export async function stillAdmitted(bridge: Bridge, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const principal = await bridge.authenticate(request)
  if (principal === undefined) void refuse(reply, nobody)
  else principals.set(request, principal)
  return principal !== undefined
}

/** The topic of that name if the caller may read it; otherwise it has been answered, 404 or 403. */
export function permittedTopic(
  bridge: Bridge,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
): Topic | undefined {
  const topic = bridge.hub.topic(name)
  if (topic !== undefined && principalOf(request).may(topic.capability)) return topic
  const message = `You do not hold the right ${topic?.capability ?? ''}`
  void refuse(reply, topic === undefined ? noTopic : { status: 403, code: 'FORBIDDEN', message })
  return undefined
}
