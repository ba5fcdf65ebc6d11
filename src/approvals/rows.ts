import type { Selectable } from 'kysely'
import type { Json } from '../audit/types.ts'
import type { ApprovalTable } from '../database/schema.ts'
import type { Approval, ApprovalState } from './types.ts'

export type ApprovalRow = Selectable<ApprovalTable>

/** A row as the rest of Aura sees it. */
export const fromRow = (row: ApprovalRow): Approval => ({
  id: row.id,
  type: row.type,
  args: JSON.parse(row.args) as Json,
  summary: row.summary,
  object: row.object,
  hash: row.hash,
  state: row.state as ApprovalState,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at.getTime(),
  reason: row.reason,
  expiresAt: row.expires_at.getTime(),
  decidedBy: row.decided_by ?? undefined,
  decidedAt: row.decided_at?.getTime(),
  comment: row.comment ?? undefined,
  outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as Json),
})
