import type { Capability } from '../../../auth/capabilities.ts'
import type { PolicyIndex } from '../../../auth/policy/compile.ts'
import type { Caller } from '../../../auth/types.ts'
import { RefusedError } from '../../../errors.ts'

const above = (): RefusedError =>
  new RefusedError(403, 'GRANT_CEILING', 'That user’s trust is not below yours; somebody more trusted has to do this')

const more = (capability: Capability): RefusedError =>
  new RefusedError(403, 'GRANT_CEILING', `That user holds ${capability}, which you do not`, { capability })

/** Beyond the ceiling: owners, and whoever sits at this machine while nobody signs in. */
const unlimited = (caller: Caller, policy: PolicyIndex, now: number): boolean =>
  caller.proof === 'built-in' || (caller.proof === 'session' && policy.isOwner(caller.id, now))

/** Throws where somebody would reach a user as trusted as themselves or more: to lock, erase, or see off their sessions. */
export function refuseAbove(caller: Caller, target: string, policy: PolicyIndex, now: number): void {
  if (caller.id === target || unlimited(caller, policy, now)) return
  if (policy.trustOf(target, now) >= caller.trust()) throw above()
}

/**
 * The same for what lets the caller act as that user: a token, or a link that sets a new password. Then nothing may come
 * with it that the caller does not hold.
 */
export function refuseBecoming(caller: Caller, target: string, policy: PolicyIndex, now: number): void {
  refuseAbove(caller, target, policy, now)
  if (caller.id === target || unlimited(caller, policy, now)) return
  const lacking = [...policy.capabilitiesOf(target, now)].find((capability) => !caller.decide(capability).allow)
  if (lacking !== undefined) throw more(lacking)
}

/** Throws unless the caller holds `capability` on that very user. */
export function onUser(caller: Caller, capability: Capability, target: string): void {
  const object = `user:${target}`
  if (caller.decide(capability, object).allow) return
  throw new RefusedError(403, 'FORBIDDEN', `You do not hold the right ${capability} here`, { capability, object })
}
