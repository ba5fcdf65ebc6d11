import type { RunningApprovals } from '../../approvals/index.ts'
import type { SecurityAlerts } from '../../audit/alerts/index.ts'
import type { Audit, AuditRow } from '../../audit/types.ts'
import type { PolicyStore } from '../../auth/policy/store-types.ts'
import type { Publisher, Topic } from '../../realtime/types.ts'
import type { ApprovalNotice } from './approvals/contract.ts'
import { liveAlert, liveRow } from './audit/view.ts'
import type { GovernanceNotice } from './contract.ts'

/**
 * One topic for each right to see it: a topic has one capability, and who may see approvals need not be one who reads the
 * audit log.
 */
export const topics = [
  { name: 'governance', class: 'event', capability: 'role:read' },
  { name: 'approvals', class: 'event', capability: 'approval:read' },
  { name: 'audit', class: 'event', capability: 'audit:read' },
  { name: 'security', class: 'alert', capability: 'audit:read' },
] as const satisfies readonly Topic[]

/** What an entry of the log says has changed, by the noun of its action. */
const changedBy: Readonly<Record<string, GovernanceNotice['changed']>> = {
  user: 'users',
  invitation: 'users',
  password: 'users',
  session: 'credentials',
  token: 'credentials',
}

function noticeOf({ action, object, decision }: AuditRow, policyVersion: number): GovernanceNotice | undefined {
  const [noun = ''] = action.split('.')
  const changed = decision === 'deny' ? undefined : changedBy[noun]
  if (changed === undefined) return undefined
  const user = object?.startsWith('user:') === true ? { user: object.slice('user:'.length) } : {}
  return { changed, policyVersion, ...user }
}

export interface Sources {
  readonly policy: Pick<PolicyStore, 'compiled' | 'onChange'>
  readonly approvals: Pick<RunningApprovals, 'follow'>
  readonly audit: Pick<Audit, 'follow'>
  readonly alerts: Pick<SecurityAlerts, 'follow'>
}

/** Publishes what happens until the returned function is called. */
export function publish(publisher: Publisher, { policy, approvals, audit, alerts }: Sources): () => void {
  const version = (): number => policy.compiled().policy.version
  const governance = (notice: GovernanceNotice): void => publisher.publish('governance', notice)
  const ends = [
    policy.onChange(() => governance({ changed: 'policy', policyVersion: version() })),
    approvals.follow(({ id, type, state }) => {
      publisher.publish('approvals', { id, type, state } satisfies ApprovalNotice)
    }),
    alerts.follow((alert) => publisher.publish('security', liveAlert(alert))),
    audit.follow((row) => {
      publisher.publish('audit', liveRow(row))
      const notice = noticeOf(row, version())
      if (notice !== undefined) governance(notice)
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
