import type { SecurityAlert } from '../../../audit/alerts/types.ts'
import type { ForeignRow } from '../../../audit/foreign/query.ts'
import type { KeeperState } from '../../../audit/keeper.ts'
import type { AuditRow } from '../../../audit/types.ts'
import type { AuditRowView, AuditStatus, ForeignPage, SecurityAlertView } from './contract.ts'

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

/** An alert as it is shown to those who ask. */
export function alertView(alert: SecurityAlert): SecurityAlertView {
  const { id, rule, severity, summary, firstAt, lastAt, count, seqs } = alert
  const { actor, address, acknowledgedBy, acknowledgedAt, comment } = alert
  return {
    id,
    rule,
    severity,
    summary,
    at: lastAt,
    firstAt,
    count,
    seqs: [...seqs],
    ...(actor !== undefined && { actor }),
    ...(address !== undefined && { address }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
    ...(comment !== undefined && { comment }),
  }
}

/** As it is published, without the address. */
export const liveAlert = (alert: SecurityAlert): SecurityAlertView => alertView({ ...alert, address: undefined })

export function foreignView(row: ForeignRow): ForeignPage['rows'][number] {
  const { id, source, path, readAt, entry, line, at, actor, action, object } = row
  return {
    id,
    source: path,
    name: source,
    ts: readAt,
    ...(entry === undefined ? { bad: line } : { entry }),
    ...(at !== undefined && { at }),
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(object !== undefined && { object }),
  }
}

export function statusView(keeper: KeeperState, newest: number): AuditStatus {
  const { state, verifiedTo, verifiedAt, broken, checkpoint } = keeper
  return {
    state,
    newest,
    ...(verifiedTo !== undefined && { verifiedTo }),
    ...(verifiedAt !== undefined && { verifiedAt }),
    ...(broken && { brokenAt: broken.seq, reason: broken.what }),
    ...(checkpoint && { checkpoint }),
  }
}
