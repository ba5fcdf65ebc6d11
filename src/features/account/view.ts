import { capabilities } from '../../auth/capabilities.ts'
import { heldOf } from '../../auth/callers.ts'
import type { Caller } from '../../auth/types.ts'
import type { AccountView } from './contract.ts'
import type { AccountDeps } from './deps.ts'

/** What a session adds: its token, and its ends. */
function sessionPart(caller: Caller, reauthentication: number) {
  const held = heldOf(caller)
  if (held?.kind !== 'session') return {}
  return {
    csrf: held.csrf,
    ...(held.expiresAt !== undefined && { expiresAt: held.expiresAt }),
    ...(held.idle !== undefined && { idleUntil: held.lastSeenAt + held.idle }),
    ...(held.authenticatedAt !== undefined && { confirmedUntil: held.authenticatedAt + reauthentication }),
  }
}

/** Who the caller is, and what they may do now. */
export function accountView({ identity, compiled, now }: AccountDeps, caller: Caller): AccountView {
  const { id, name, proof, credential } = caller
  const policy = compiled()
  return {
    user: { id, name },
    proof,
    ...(credential !== undefined && { credential }),
    capabilities: Object.keys(capabilities).filter((capability) => caller.may(capability)),
    roles: [...policy.rolesOf(id, now())],
    trust: caller.trust(),
    policyVersion: policy.policy.version,
    ...sessionPart(caller, identity?.reauthentication ?? 0),
  }
}
