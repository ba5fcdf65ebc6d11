import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { AuditDeps } from './index.ts'
import type { Keeper } from './keeper.ts'

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

/** How the chain fares, read when Prometheus asks. */
export function keeperMetrics(register: Registry, keeper: Keeper, now: () => number): void {
  const gauge = (name: string, help: string, read: () => number | undefined): Gauge =>
    new Gauge({
      name,
      help,
      registers: [register],
      collect() {
        const value = read()
        if (value === undefined) this.remove()
        else this.set(value)
      },
    })
  gauge('aura_audit_chain_intact', '1: the chain is as it was written; 0: rows were changed or are missing.', () =>
    keeper.state.verifiedAt === undefined ? undefined : Number(keeper.state.broken === undefined),
  )
  gauge('aura_audit_verified_age_seconds', 'Time since the chain was last checked.', () =>
    keeper.state.verifiedAt === undefined ? undefined : (now() - keeper.state.verifiedAt) / 1000,
  )
  gauge('aura_audit_checkpoint_age_seconds', 'Age of the newest signed checkpoint.', () =>
    keeper.state.checkpoint === undefined ? undefined : (now() - keeper.state.checkpoint.at) / 1000,
  )
  gauge(
    'aura_audit_checkpoint_undelivered',
    'Ways on which the last checkpoint did not leave the machine.',
    () => keeper.state.undelivered.size,
  )
}
