import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, table, time } from '../lib/panel.ts'
import { increase, query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { auditLog, governanceDetails } from './governance-details.ts'

const { governance } = limits
/** Zero while nothing of it exists, but only where Aura runs. */
const orNothing = (sum: string): string => `${sum} or sum by (instance) (0 * ${series('aura_build_info')})`
const answers = 'http_server_request_duration_seconds_count'
const number = { unit: unit.count, decimals: 0 } as const

const glance = row('At a glance', [
  stat({
    title: 'Audit log',
    unit: unit.none,
    words: { 0: ['changed', colour.bad], 1: ['intact', colour.good] },
    queries: [query('{{instance}}', series('aura_audit_chain_intact'))],
    empty: 'not checked yet',
    shows: 'Whether every row of the audit log is as it was written.',
    normal: 'Intact.',
    act: 'See AuditChainBroken in the runbook, and leave the data directory as it is.',
  }),
  stat({
    title: 'Last checked',
    unit: unit.duration,
    threshold: { look: governance.verifiedAge / 2, bad: governance.verifiedAge },
    queries: [query('{{instance}}', series('aura_audit_verified_age_seconds'))],
    empty: 'not checked yet',
    shows: 'Time since the chain of the audit log was last checked.',
    normal: 'Minutes.',
    act: 'See AuditChainNotVerified in the runbook.',
  }),
  stat({
    title: 'Ways that fail',
    ...number,
    threshold: { bad: 1 },
    queries: [query('{{instance}}', series('aura_audit_checkpoint_undelivered'))],
    shows: 'Configured ways out of the machine on which the last signed checkpoint did not leave.',
    normal: '0.',
    act: 'See AuditCheckpointsNotDelivered in the runbook.',
  }),
  stat({
    title: 'Security alerts open',
    ...number,
    threshold: { look: 1 },
    queries: [query('{{instance}}', orNothing(`sum by (instance) (${series('aura_security_alerts_open')})`))],
    shows: 'Things in the audit log that somebody should look at and nobody has acknowledged.',
    normal: '0.',
    act: 'Table Open security alerts; acknowledge them in the console, page Governance.',
  }),
  stat({
    title: 'Awaits approval',
    ...number,
    queries: [query('{{instance}}', `sum by (instance) (${series('aura_approvals_pending')})`)],
    shows: 'Requests for acts that need somebody else to approve them.',
    normal: '0, or a few that are new.',
    act: 'Approve or refuse them in the console, page Governance.',
  }),
  stat({
    title: 'Roles and rights',
    unit: unit.none,
    words: { 0: ['current', colour.good], 1: ['stale', colour.bad] },
    queries: [query('{{instance}}', series('aura_policy_stale'))],
    shows:
      'Whether changes of roles take effect. Stale: the database cannot be read, and the last state known goes on.',
    normal: 'Current.',
    act: 'Board PostgreSQL: the database is away or refuses. Rights taken from somebody are not yet taken.',
  }),
])

const access = row('Who comes in, and who is turned away', [
  time({
    title: 'Sign-ins',
    unit: unit.count,
    min: 0,
    bars: true,
    queries: [query('{{outcome}}', `sum by (outcome) (${increase('aura_sign_ins_total')})`)],
    shows: 'Sign-ins that succeeded and that failed.',
    normal: 'A few in the morning; a failure now and then is a mistyped password.',
    act: 'Many failures: somebody guesses. Table Open security alerts, and the audit log by address.',
  }),
  time({
    title: 'Decisions written down',
    unit: unit.count,
    min: 0,
    bars: true,
    queries: [query('{{decision}}', `sum by (decision) (${increase('aura_audit_decisions_total')})`)],
    empty: 'nobody did anything',
    shows: 'Entries of the audit log by what was decided: allowed, denied, or failed.',
    normal: 'Nearly all allowed.',
    act: 'Many denied: somebody lacks a right they need, or tries doors. The audit log names them.',
  }),
  time({
    title: 'Requests refused',
    unit: unit.requests,
    min: 0,
    board: 'aura',
    many: true,
    queries: [
      query(
        '{{http_response_status_code}} {{http_route}}',
        `topk(10, sum by (http_response_status_code, http_route) (${rate(answers, 'http_response_status_code=~"401|403|429"')}))`,
      ),
    ],
    empty: 'none was refused',
    shows: 'Requests that were not signed in (401), lacked a right (403), or came too fast (429), by route.',
    normal: 'None, but for pages left open after a session ended.',
    act: 'One route all the time: a script with a wrong or ended token. Many routes: somebody tries doors.',
  }),
  time({
    title: 'Sessions and tokens',
    unit: unit.count,
    min: 0,
    queries: [
      query('{{instance}} sessions', series('aura_sessions')),
      query('{{instance}} tokens', series('aura_tokens')),
    ],
    shows: 'Sessions and API tokens that have not expired.',
    normal: 'Steady; sessions follow the people.',
    act: 'A jump nobody expected: list them in the console and revoke what nobody knows.',
  }),
])

const approvals = row('What needs a second person', [
  time({
    title: 'Waiting, by kind',
    unit: unit.count,
    min: 0,
    w: 8,
    queries: [query('{{type}}', `sum by (type) (${series('aura_approvals_pending')})`)],
    shows: 'Requests that wait, by what they ask for.',
    normal: 'Returns to 0 within the day.',
    act: 'Does anybody but those who ask hold the right to approve?',
  }),
  time({
    title: 'How long the oldest has waited',
    unit: unit.duration,
    min: 0,
    w: 8,
    threshold: { look: governance.approvalAge },
    queries: [query('{{instance}}', series('aura_approvals_oldest_pending_age_seconds'))],
    shows: 'Age of the oldest request that nobody has decided; 0 while none waits.',
    normal: 'Below a day; they expire after three.',
    act: 'See ApprovalsWaitLong in the runbook.',
  }),
  time({
    title: 'Decided',
    unit: unit.count,
    min: 0,
    bars: true,
    w: 8,
    queries: [query('{{outcome}}', `sum by (outcome) (${increase('aura_approvals_decided_total')})`)],
    shows: 'Requests that left the queue: approved, refused, withdrawn, expired; and what came of those approved.',
    normal: 'Approved and then done; some refused.',
    act: 'Failed: the audit log tells why. Expired: nobody looks.',
  }),
])

const security = row('Security alerts', [
  table({
    title: 'Open security alerts',
    ...number,
    w: 12,
    h: 9,
    sortedBy: 'Severity',
    widths: { 'What was found': 200 },
    columns: { severity: 'Severity', rule: 'What was found', instance: 'Instance', Value: 'Number' },
    queries: [query('', `sum by (severity, rule, instance) (${series('aura_security_alerts_open')})`)],
    empty: 'none is open',
    shows: 'Security alerts that nobody has acknowledged.',
    normal: 'Empty.',
    act: 'Page Governance of the console shows the rows of the audit log behind each; acknowledge what is explained.',
  }),
  time({
    title: 'Security alerts raised',
    unit: unit.count,
    min: 0,
    bars: true,
    many: true,
    queries: [query('{{rule}}', `sum by (rule) (${increase('aura_security_alerts_total')})`)],
    shows: 'New alerts by the rule that found them.',
    normal: 'None; changes of rights, new tokens and devices tell of themselves.',
    act: 'As above; several rules at once are one story, read them together.',
  }),
])

/** Who may what, who did what, and whether the book about it is whole. */
export const governanceBoard: Board = {
  name: 'governance',
  title: 'Governance and security',
  question: 'Who came in, who was turned away, what waits for a second person, and is the audit log whole?',
  anchor: 'aura_build_info',
  components: ['aura'],
  started: 'process_start_time_seconds',
  version: ['aura_build_info', 'version'],
  rows: [glance, access, approvals, auditLog, security, ...governanceDetails],
}
