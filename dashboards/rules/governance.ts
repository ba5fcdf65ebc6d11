import { limits } from '../limits.ts'
import { counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const { governance } = limits
const self = (more = ''): string => `{job="aura", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`
const on = '{{ $labels.instance }}'

const broken: AlertRule = {
  alert: 'AuditChainBroken',
  expr: 'aura_audit_chain_intact{job="aura"} == 0',
  for: '0m',
  severity: 'critical',
  component: 'aura',
  summary: `The audit log of ${on} was changed`,
  description: 'Rows were changed, inserted or are missing (aura_audit_chain_intact is {{ $value }}).',
  board: 'governance',
  runbook: {
    means: 'Somebody with the rights of the database server has rewritten history, or the disk is failing.',
    look: [
      'The log of Aura names the first bad row; `curl` of `/api/governance/audit-logs/status` too.',
      'Compare with the checkpoints that left the machine (`audit.checkpoint_file`, webhook, syslog).',
    ],
    causes: [
      "Somebody signed in as PostgreSQL's superuser; a restore of an old backup; damaged pages (PostgreSQLChecksumFailure).",
    ],
    mend: [
      'Keep the data directory as it is and copy it: it is evidence. Find out who had access.',
      'After a restore that was meant: say so in writing, and keep the old checkpoints.',
    ],
  },
  proof: {
    series: { [`aura_audit_chain_intact${self()}`]: phases([1, 10], [0, 10], [1, 10]) },
    quiet: 9,
    fires: 12,
    resolves: 25,
  },
}

const unwritten: AlertRule = {
  alert: 'AuditWritesFail',
  expr: 'increase(aura_audit_failures_total{job="aura"}[5m]) > 0',
  for: '0m',
  keepFiringFor: '10m',
  severity: 'critical',
  component: 'aura',
  summary: `The audit log of ${on} cannot be written`,
  description:
    '{{ printf "%.0f" $value }} entries could not be written within five minutes; what they would have told of was refused.',
  board: 'governance',
  runbook: {
    means: 'People cannot sign in or change anything: nothing is done unrecorded.',
    look: ['`curl -s http://127.0.0.1:8080/readyz`, `df -h`, PostgreSQLDown.'],
    causes: ['The database is away, full, or read-only after a failover.'],
    mend: ['Mend the database; nothing has to be repeated but what was refused.'],
  },
  proof: {
    series: { [`aura_audit_failures_total${self()}`]: counter([0, 20], [2, 10], [0, 40]) },
    quiet: 19,
    fires: 25,
    resolves: 60,
  },
}

const unsigned: AlertRule = {
  alert: 'AuditCheckpointsNotDelivered',
  expr: 'aura_audit_checkpoint_undelivered{job="aura"} > 0',
  for: '30m',
  severity: 'warning',
  component: 'aura',
  summary: `Checkpoints of the audit log do not leave ${on}`,
  description: '{{ $value }} of the configured ways do not take checkpoints for 30 minutes.',
  board: 'governance',
  runbook: {
    means:
      'Until they do, somebody with all rights on this machine could rewrite the newest part of the log unnoticed.',
    look: ['The log of Aura says which way failed, and why.'],
    causes: ['A share that is not mounted; a wrong address or token; no network.'],
    mend: ['Mend the way; what waits is sent by itself.'],
  },
  proof: {
    series: { [`aura_audit_checkpoint_undelivered${self()}`]: phases([0, 5], [1, 25], [0, 5], [1, 60], [0, 10]) },
    quiet: 29,
    fires: 80,
    resolves: 100,
  },
}

const unverified: AlertRule = {
  alert: 'AuditChainNotVerified',
  expr: `aura_audit_verified_age_seconds{job="aura"} > ${governance.verifiedAge}`,
  for: '10m',
  severity: 'warning',
  component: 'aura',
  summary: `The audit log of ${on} has not been checked for hours`,
  description: 'The last check was {{ $value | humanizeDuration }} ago; usual is every five minutes.',
  board: 'governance',
  runbook: {
    means: 'A change of the log would not be noticed.',
    look: ['The log of Aura: "the audit log could not be checked" and why.'],
    causes: ['The database is slow or away.'],
    mend: ['Mend the database.'],
  },
  proof: {
    series: { [`aura_audit_verified_age_seconds${self()}`]: phases([10_700, 20], [11_000, 30], [10, 10]) },
    quiet: 19,
    fires: 45,
    resolves: 55,
  },
}

const waiting: AlertRule = {
  alert: 'ApprovalsWaitLong',
  expr: `aura_approvals_oldest_pending_age_seconds{job="aura"} > ${governance.approvalAge}`,
  for: '5m',
  severity: 'info',
  component: 'aura',
  summary: `A request on ${on} waits for a second person`,
  description: 'The oldest one has waited {{ $value | humanizeDuration }}; it expires after three days.',
  board: 'governance',
  runbook: {
    means: 'Somebody asked for an act that needs a second person, and nobody has looked.',
    look: ['Page Governance of the console, approvals.'],
    causes: ['Nobody else holds the right to approve; nobody was told.'],
    mend: ['Approve or refuse it; give the role operator or administrator to a second person.'],
  },
  proof: {
    series: { [`aura_approvals_oldest_pending_age_seconds${self()}`]: phases([86_300, 10], [87_000, 20], [0, 10]) },
    quiet: 9,
    fires: 25,
    resolves: 35,
  },
}

/** Both severities in one shape: what Aura itself saw in the audit log, until somebody acknowledges it. */
const security = (
  severity: 'critical' | 'warning',
  alert: string,
  words: { readonly means: string; readonly proof: AlertRule['proof'] },
): AlertRule => ({
  alert,
  expr: `aura_security_alerts_open{job="aura", severity="${severity}"} > 0`,
  // No time to hold: what happened has happened.
  for: '0m',
  severity,
  component: 'aura',
  summary: `${on} raised a security alert: {{ $labels.rule }}`,
  description: '{{ $value }} of this kind are open, and nobody has acknowledged them.',
  board: 'governance',
  runbook: {
    means: words.means,
    look: ['Page Governance of the console, security alerts: each names the rows of the audit log it came from.'],
    causes: ['An attack; somebody in a hurry; a program with an old password.'],
    mend: ['Lock the account or end its sessions if need be; acknowledge the alert with what you found.'],
  },
  proof: words.proof,
})

const open = (severity: string, rule: string) => ({
  series: {
    [`aura_security_alerts_open${self(`rule="${rule}", severity="${severity}"`)}`]: phases([0, 10], [2, 10], [0, 10]),
  },
  quiet: 9,
  fires: 15,
  resolves: 25,
})

const critical = security('critical', 'SecurityAlertCritical', {
  means: 'Somebody got, or nearly got, what they should not have; or the audit log itself is in doubt.',
  proof: open('critical', 'chain-broken'),
})

const warning = security('warning', 'SecurityAlertOpen', {
  means: 'Something happened that is rare in a day without trouble.',
  proof: open('warning', 'failed-sign-ins'),
})

/** What is recorded and told about the audit log, approvals and security alerts. */
export const governanceRules: RuleGroup = {
  name: 'governance',
  title: 'Governance: audit log, approvals, security alerts',
  recording: [{ record: 'instance:aura_audit_entries:rate5m', expr: 'rate(aura_audit_entries_total{job="aura"}[5m])' }],
  alerts: [broken, unwritten, unsigned, unverified, waiting, critical, warning],
}
