import type { RunningApprovals } from '../../../approvals/index.ts'
import type { Approval } from '../../../approvals/types.ts'
import type { Caller } from '../../../auth/types.ts'
import type { ApprovalView } from './contract.ts'

/** A request as this caller sees it: what of it is theirs, and what they could do. */
export async function viewOf(approvals: RunningApprovals, caller: Caller, approval: Approval): Promise<ApprovalView> {
  const why = await approvals.whyNot(caller, approval)
  const { id, type, args, summary, object, hash, state, requestedBy, requestedAt, reason, expiresAt } = approval
  const { decidedBy, decidedAt, comment, outcome } = approval
  return {
    id,
    type,
    args,
    summary,
    object,
    hash,
    state,
    requestedBy,
    requestedAt,
    reason,
    expiresAt,
    ...(decidedBy !== undefined && { decidedBy }),
    ...(decidedAt !== undefined && { decidedAt }),
    ...(comment !== undefined && { comment }),
    ...(outcome !== undefined && { outcome }),
    mine: approval.requestedBy === caller.id,
    mayApprove: why === undefined,
    ...(why !== undefined && { because: why.message }),
  }
}
