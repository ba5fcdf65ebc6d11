import { Counter, Histogram, type Registry } from 'prom-client'
import type { AuditDeps } from './index.ts'

const boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What Prometheus sees of writing the audit log. */
export function createAuditMetrics(register: Registry): NonNullable<AuditDeps['measure']> {
  const registers = [register]
  const written = new Counter({
    name: 'aura_audit_entries_total',
    help: 'Entries written to the audit log.',
    registers,
  })
  const failed = new Counter({
    name: 'aura_audit_failures_total',
    help: 'Entries that could not be written; what they would have told of was not done.',
    registers,
  })
  const duration = new Histogram({
    name: 'aura_audit_write_seconds',
    help: 'Time to add to the audit log, waiting for its lock included.',
    buckets: boundaries,
    registers,
  })
  return (entries, seconds) => {
    if (seconds === undefined) return failed.inc(entries)
    written.inc(entries)
    duration.observe(seconds)
  }
}
