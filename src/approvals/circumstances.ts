import type { Transaction } from 'kysely'
import type { Act } from '../auth/policy/separation.ts'
import type { CompiledPolicy } from '../auth/policy/types.ts'
import type { Caller } from '../auth/types.ts'
import type { Db, Schema } from '../database/schema.ts'
import type { Circumstances } from './checks.ts'
import * as refusals from './refusals.ts'
import { openOn } from './store.ts'
import type { Approval, ApprovalKind } from './types.ts'

export interface CircumstanceDeps {
  readonly db: Db
  readonly policy: () => CompiledPolicy
  readonly isActive: (userId: string) => boolean | Promise<boolean>
  readonly kinds: ReadonlyMap<string, ApprovalKind>
  readonly now: () => number
}

/** Looks up what a decision of `caller` on a request rests on, as it is at this moment. */
export type LookUp = (caller: Caller, approval: Approval, tx?: Transaction<Schema>) => Promise<Circumstances>

export function createCircumstances({ db, policy, isActive, kinds, now }: CircumstanceDeps): LookUp {
  const actsOf = (actor: string, { type, requestedBy, decidedBy }: Approval): Act[] => {
    const kind = kinds.get(type)
    if (kind === undefined) return []
    return [
      ...(requestedBy === actor ? [{ actor, capability: kind.request }] : []),
      ...(decidedBy === actor ? [{ actor, capability: kind.approve }] : []),
    ]
  }
  return async (caller, approval, tx) => {
    const kind = kinds.get(approval.type)
    if (kind === undefined) throw refusals.unknownType()
    const compiled = policy()
    const { requestedBy, object } = approval
    const allowed = compiled.decide(requestedBy, kind.request, object, now()).allow
    const open = await openOn(tx ?? db, object)
    return {
      now: now(),
      caller,
      kind,
      requesterMay: allowed && (await isActive(requestedBy)),
      separations: compiled.policy.separations,
      acts: open.flatMap((one) => actsOf(caller.id, one)),
    }
  }
}
