import type { Capability } from './capabilities.ts'
import { isCapability } from './capabilities.ts'
import { isOver, type Held } from './held.ts'
import type { CompiledPolicy, Decision } from './policy/types.ts'
import type { Caller } from './types.ts'

export interface CallerDeps {
  readonly compiled: () => CompiledPolicy
  readonly now: () => number
}

const helds = new WeakMap<object, Held>()

/** The session or token behind a caller; undefined for callers without one. */
export const heldOf = (caller: object): Held | undefined => helds.get(caller)

const refusal = (
  capability: Capability,
  object: string | undefined,
  reason: Decision['reason'],
  policyVersion: number,
): Decision => ({
  allow: false,
  capability,
  object,
  reason,
  rule: undefined,
  path: [],
  assignment: undefined,
  policyVersion,
})

/**
 * Who a session or token stands for. Rights are looked up at each question: a revoked one is gone at the next, and so are
 * all of them once the session is over, even for a caller that was resolved before.
 */
export function callerOf(held: Held, ip: string, { compiled, now }: CallerDeps): Caller {
  const { userId, userName, id, kind, scopes } = held
  function decide(capability: Capability, object?: string): Decision {
    const at = now()
    const policy = compiled()
    if (isOver(held, at)) return refusal(capability, object, 'no rule', policy.policy.version)
    if (scopes !== undefined && !scopes.has(capability)) {
      return refusal(capability, object, 'not delegated', policy.policy.version)
    }
    return policy.decide(userId, capability, object, at)
  }
  const caller: Caller = {
    id: userId,
    name: userName,
    proof: kind,
    credential: id,
    ip,
    get authenticatedAt() {
      return held.authenticatedAt
    },
    may: (capability) => isCapability(capability) && decide(capability).allow,
    decide,
    trust: () => compiled().trustOf(userId, now()),
  }
  helds.set(caller, held)
  return caller
}
