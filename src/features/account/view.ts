import { capabilities } from '../../auth/capabilities.ts'
import { heldOf } from '../../auth/callers.ts'
import type { Caller } from '../../auth/types.ts'
import type { AccountView } from './contract.ts'
import type { AccountDeps } from './deps.ts'

/** What a session adds: its token, and its ends. */
function sessionPart(caller: Caller, reauthentication: number, deps: AccountDeps) {
  const held = heldOf(caller)
  if (held?.kind !== 'session') return {}
  return {
    csrf: held.csrf,
    ...(held.expiresAt !== undefined && { expiresAt: held.expiresAt }),
    ...(held.idle !== undefined && { idleUntil: held.lastSeenAt + held.idle }),
    ...confirmPart(held.method, deps),
    ...(held.authenticatedAt !== undefined && { confirmedUntil: held.authenticatedAt + reauthentication }),
  }
}

/** Where those go who came in without a password. */
function confirmPart(method: string, { oidc, proxy }: AccountDeps) {
  if (method === 'oidc' && oidc !== undefined) return { confirmUrl: '/api/account/oidc/confirm' }
  return method === 'proxy' && proxy?.confirms === true ? { confirmUrl: '/api/account/proxy/start' } : {}
}

/** Who the caller is, and what they may do now. */
export function accountView(deps: AccountDeps, caller: Caller): AccountView {
  const { identity, compiled, now } = deps
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
    ...sessionPart(caller, identity?.reauthentication ?? 0, deps),
  }
}
