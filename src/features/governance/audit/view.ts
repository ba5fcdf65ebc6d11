import type { AuditRow } from '../../../audit/types.ts'
import type { AuditRowView } from './contract.ts'

/** A row as it is shown. */
export function rowView(row: AuditRow, name?: string): AuditRowView {
  const { seq, ts, actor, action, object, scope, decision, rule, before, after, requestId, prevHash, hash } = row
  return {
    seq,
    ts,
    actor: {
      id: actor.id,
      ...(name !== undefined && { name }),
      ...(actor.session !== undefined && { session: actor.session }),
      ...(actor.onBehalfOf !== undefined && { onBehalfOf: actor.onBehalfOf }),
      ...(actor.ip !== undefined && { ip: actor.ip }),
    },
    action,
    decision,
    prevHash,
    hash,
    ...(object !== undefined && { object }),
    ...(scope !== undefined && { scope }),
    ...(rule !== undefined && { rule }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(requestId !== undefined && { requestId }),
  }
}

/** As it is published: what is published is kept for those who resume, and no address may stay there. */
export function liveRow(row: AuditRow): AuditRowView {
  const { ip: _ip, ...actor } = row.actor
  return rowView({ ...row, actor })
}
