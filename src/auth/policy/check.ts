import type { Capability } from '../capabilities.ts'
import { everything } from '../everything.ts'
import type { Caller } from '../types.ts'
import { overCeiling } from './ceiling.ts'
import type { PolicyEdit, PolicyNeeds } from './changes.ts'
import { compile, type PolicyIndex } from './compile.ts'
import { added, heldApart, malformed } from './constraints.ts'
import { refused } from './errors.ts'
import { explain } from './explain.ts'
import { lastingOwners } from './owners.ts'

/** Who changes the policy: what of a caller counts for that. */
export type PolicyCaller = Pick<Caller, 'id' | 'proof' | 'credential' | 'ip' | 'may' | 'decide'>

/** Beyond the policy: whoever sits at this machine while nobody signs in, and Aura itself. */
const unlimited = ({ proof }: PolicyCaller): boolean => proof === 'built-in' || proof === 'internal'

/** A caller for what Aura itself does, and for commands: `setup`, `oidc`, `os:root`. The policy does not bind it. */
export function systemCaller(id: string): PolicyCaller {
  return {
    id,
    proof: 'internal',
    credential: undefined,
    ip: '',
    may: () => true,
    decide: everything,
  }
}

/** Throws unless the caller may ask for this change, under the policy as it is and with what the token leaves. */
function authorise(
  caller: PolicyCaller,
  { capability, object }: PolicyNeeds,
  before: PolicyIndex,
  now: number,
): string {
  const decision = before.decide(caller.id, capability, object, now)
  const decisive = unlimited(caller) || decision.allow ? caller.decide(capability, object) : decision
  if (!decisive.allow) throw refused('FORBIDDEN', explain(decisive), { capability, object })
  return explain(decisive)
}

/** Of these users, those whose accounts may sign in. */
export type Active = (userIds: readonly string[]) => Promise<readonly string[]>

/** Throws where a policy may not follow on another: form, separations, the last owner. */
export async function checkPolicy(before: PolicyIndex, after: PolicyIndex, active: Active, now: number): Promise<void> {
  const wrong = added(malformed(after), () => malformed(before))
  if (wrong.length > 0) throw refused('INVALID', wrong.slice(0, 20).join('\n'))
  const together = added(heldApart(after, now), () => heldApart(before, now))
  if (together.length > 0) throw refused('SEPARATION', together.slice(0, 20).join('\n'))
  const [had, left] = [lastingOwners(before, now), lastingOwners(after, now)]
  // Where all accounts of owners are locked the roles are still protected: unlocking one then mends it.
  const gone = left.length === 0 ? had.length > 0 : (await active(left)).length === 0 && (await active(had)).length > 0
  if (gone)
    throw refused('LAST_OWNER', 'nobody would be left who holds everything, without an end: make another owner first')
}

/** The policy after a change, or the error that refuses it; `why` is the decision in words. */
export async function checkEdit(
  caller: PolicyCaller,
  edit: PolicyEdit,
  before: PolicyIndex,
  active: Active,
  now: number,
): Promise<{ readonly after: PolicyIndex; readonly why: string }> {
  const why = edit
    .needs(before.policy)
    .map((needs) => authorise(caller, needs, before, now))
    .join(' ')
  const after = compile({ ...edit.apply(before.policy), version: before.policy.version + 1 })
  await checkPolicy(before, after, active, now)
  const granter = { id: caller.id, unlimited: unlimited(caller), may: (name: Capability) => caller.may(name) }
  const over = overCeiling(granter, before, after, now)
  if (over.length > 0) throw refused('GRANT_CEILING', over.slice(0, 20).join('\n'))
  return { after, why }
}
