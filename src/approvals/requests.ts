import { randomUUID } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import type { Json } from '../audit/types.ts'
import type { CompiledPolicy } from '../auth/policy/types.ts'
import type { Caller } from '../auth/types.ts'
import type { Db } from '../database/schema.ts'
import { approvalHash } from './hash.ts'
import type { Journal } from './journal.ts'
import * as refusals from './refusals.ts'
import * as store from './store.ts'
import type { Stored } from './store.ts'
import type { Approval, ApprovalKind } from './types.ts'

export interface RequestDeps {
  readonly db: Db
  readonly journal: Journal
  readonly kinds: ReadonlyMap<string, ApprovalKind>
  readonly policy: () => CompiledPolicy
  readonly now: () => number
  /** ms. */
  readonly expiry: number
  readonly changed: (approval: Stored) => void
}

/** Most requests of one person that may wait. */
const mostPending = 50

type Draft = Approval & { readonly policyVersion: number }

interface Asked {
  readonly args: Json
  readonly reason: string
}

function draft(deps: RequestDeps, caller: Caller, kind: ApprovalKind, { args, reason }: Asked): Draft {
  const policyVersion = deps.policy().policy.version
  const requestedAt = deps.now()
  return {
    id: randomUUID(),
    type: kind.type,
    args,
    summary: kind.describe(args),
    object: kind.object(args),
    policyVersion,
    hash: approvalHash({ type: kind.type, args, requestedBy: caller.id, policyVersion }),
    state: 'pending',
    requestedBy: caller.id,
    requestedAt,
    reason,
    expiresAt: requestedAt + deps.expiry,
    decidedBy: undefined,
    decidedAt: undefined,
    comment: undefined,
    outcome: undefined,
  }
}

function keep({ db, journal, now }: RequestDeps, caller: Caller, approval: Draft): Promise<Stored> {
  const canonical = canonicalJson(approval.args)
  return db.transaction().execute(async (tx) => {
    const waiting = (await store.pendingOf(tx, caller.id)).filter(({ expiresAt }) => expiresAt > now())
    const same = waiting.find((one) => one.type === approval.type && canonicalJson(one.args) === canonical)
    if (same !== undefined) throw refusals.alreadyAsked(same.id)
    if (waiting.length >= mostPending) throw refusals.tooMany(mostPending)
    const stored = await store.insert(tx, approval, canonical)
    await journal.step(tx, 'request', stored, caller)
    return stored
  })
}

/** Asking: the right to ask comes first, so that nobody without it learns what there is. */
export function createRequest(deps: RequestDeps) {
  return async (caller: Caller, type: string, args: Json, reason: string): Promise<Approval> => {
    const kind = deps.kinds.get(type)
    if (kind === undefined) throw refusals.unknownType()
    if (!caller.decide(kind.request).allow) throw refusals.forbidden(kind.request, undefined)
    await kind.check(args)
    const approval = draft(deps, caller, kind, { args, reason })
    if (!caller.decide(kind.request, approval.object).allow) {
      await deps.journal.denied(caller, 'request', approval, 'FORBIDDEN')
      throw refusals.forbidden(kind.request, approval.object)
    }
    const made = await keep(deps, caller, approval)
    deps.changed(made)
    return made
  }
}
