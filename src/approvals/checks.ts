import { violates, type Act } from '../auth/policy/separation.ts'
import type { Separation } from '../auth/policy/types.ts'
import { provedLately } from '../auth/recent.ts'
import type { Caller } from '../auth/types.ts'
import type { RefusedError } from '../errors.ts'
import { approvalHash } from './hash.ts'
import * as refusals from './refusals.ts'
import type { Approval, ApprovalKind } from './types.ts'

/** What a decision rests on besides the request itself. */
export interface Circumstances {
  readonly now: number
  readonly caller: Caller
  readonly kind: Pick<ApprovalKind, 'request' | 'approve'>
  /** Whether the one who asked could still ask for it. */
  readonly requesterMay: boolean
  readonly separations: readonly Separation[]
  /** What the caller has done already on the same object, in requests that are open. */
  readonly acts: readonly Act[]
}

/** Why this caller could not let this happen now, re-authentication apart; undefined if they could. */
export function whyNot(approval: Approval, about: Circumstances): RefusedError | undefined {
  const { caller, kind, now } = about
  if (!caller.decide(kind.approve, approval.object).allow) return refusals.forbidden(kind.approve, approval.object)
  // Persons, not sessions: another session or token of the same person is the same person.
  if (caller.id === approval.requestedBy) return refusals.own()
  if (approval.state !== 'pending') return refusals.decided(approval.state)
  if (approval.expiresAt <= now) return refusals.expired()
  if (!about.requesterMay) return refusals.requesterLost()
  const acts = [...about.acts, { actor: caller.id, capability: kind.approve }]
  const separation = about.separations.find((one) => violates(one, acts))
  return separation && refusals.separated(separation.name)
}

/**
 * Why not, at the moment of approving `hash`. A later policy does not void a request: the rights of both are asked of
 * the policy of this moment, while the hash keeps under which one it was made.
 */
export function whyNotApprove(
  approval: Approval & { readonly policyVersion: number },
  hash: string,
  about: Circumstances & { readonly window: number },
): RefusedError | undefined {
  const refusal = whyNot(approval, about)
  if (refusal !== undefined) return refusal
  // Both: what the approver saw, and what is stored, must be what was asked for.
  if (hash !== approval.hash || approvalHash(approval) !== approval.hash) return refusals.changed()
  return provedLately(about.caller, about.now, about.window) ? undefined : refusals.reauthenticate()
}
