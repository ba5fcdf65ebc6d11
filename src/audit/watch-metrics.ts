import { Counter, Gauge, type Registry } from 'prom-client'
import { openBySeverity } from './alerts/store.ts'
import type { SecurityAlertsDeps } from './alerts/index.ts'
import { rules } from './alerts/types.ts'
import type { Count } from './foreign/followed.ts'
import type { Db } from '../database/schema.ts'
import type { AuditRow } from './types.ts'

/** Security alerts: raised so far, and open when Prometheus asks. */
export function alertMetrics(register: Registry, db: Db): NonNullable<SecurityAlertsDeps['count']> {
  const registers = [register]
  const labelNames = ['rule', 'severity'] as const
  const raised = new Counter({
    name: 'aura_security_alerts_total',
    help: 'Security alerts that were raised.',
    labelNames,
    registers,
  })
  // From zero on, so that the first is an increase.
  for (const [rule, severities] of Object.entries(rules)) {
    for (const severity of severities) raised.inc({ rule, severity }, 0)
  }
  const open: Gauge<(typeof labelNames)[number]> = new Gauge({
    name: 'aura_security_alerts_open',
    help: 'Security alerts that nobody has acknowledged.',
    labelNames,
    registers,
    async collect() {
      const found = await openBySeverity(db).catch(() => undefined)
      open.reset()
      for (const [key, n] of found ?? []) {
        const [rule = '', severity = ''] = key.split(' ')
        open.set({ rule, severity }, n)
      }
    },
  })
  return (rule, severity) => raised.inc({ rule, severity })
}

/** Lines of other programs' audit files. */
export function foreignMetrics(register: Registry, files: () => number): Count {
  const registers = [register]
  const read = new Counter({
    name: 'aura_foreign_audit_lines_total',
    help: 'Lines read from audit files of other programs; bad ones are no JSON object, and kept as they are.',
    labelNames: ['source', 'state'],
    registers,
  })
  const gauge: Gauge = new Gauge({
    name: 'aura_foreign_audit_files',
    help: 'Audit files of other programs that are being followed.',
    registers,
    collect: () => gauge.set(files()),
  })
  return (source, lines) => {
    const bad = lines.filter((line) => line.bad).length
    read.inc({ source, state: 'good' }, lines.length - bad)
    read.inc({ source, state: 'bad' }, bad)
  }
}

const outcomeOf = ({ action }: AuditRow): string | undefined =>
  action === 'session.create' ? 'success' : action === 'session.refuse' ? 'failure' : undefined

/** What the log tells of sign-ins and refusals; call it with every row. */
export function rowMetrics(register: Registry): (row: AuditRow) => void {
  const registers = [register]
  const signIns = new Counter({
    name: 'aura_sign_ins_total',
    help: 'Sign-ins by outcome; those that were held back for coming too fast are not counted.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['success', 'failure']) signIns.inc({ outcome }, 0)
  const decisions = new Counter({
    name: 'aura_audit_decisions_total',
    help: 'Entries of the audit log by what was decided.',
    labelNames: ['decision'],
    registers,
  })
  return (row) => {
    const outcome = outcomeOf(row)
    if (outcome !== undefined) signIns.inc({ outcome })
    decisions.inc({ decision: row.decision })
  }
}
