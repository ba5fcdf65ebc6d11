import { Counter, Gauge, type Registry } from 'prom-client'

/** What waits, by type. */
export type Waiting = readonly { readonly type: string; readonly count: number; readonly oldest: Date }[]

/** `aura_approvals_*`: what waits for a second person, and how it was decided. Times of `now` are ms. */
export function createApprovalMetrics(register: Registry, types: readonly string[], now: () => number) {
  let oldest: number | undefined
  const pending = new Gauge({
    name: 'aura_approvals_pending',
    help: 'Requests that wait for a second person.',
    labelNames: ['type'],
    registers: [register],
  })
  const age: Gauge = new Gauge({
    name: 'aura_approvals_oldest_pending_age_seconds',
    help: 'How long the oldest waiting request has waited; 0 while none waits.',
    registers: [],
    collect(): void {
      age.set(oldest === undefined ? 0 : Math.max(0, now() - oldest) / 1000)
    },
  })
  register.registerMetric(age)
  const decided = new Counter({
    name: 'aura_approvals_decided_total',
    help: 'Requests that left the queue, by how.',
    labelNames: ['type', 'outcome'],
    registers: [register],
  })
  for (const type of types) {
    pending.set({ type }, 0)
    for (const outcome of ['approved', 'refused', 'expired', 'withdrawn', 'done', 'failed'])
      decided.inc({ type, outcome }, 0)
  }
  return {
    decided: (type: string, outcome: string): void => decided.inc({ type, outcome }),
    waiting(all: Waiting): void {
      for (const type of types) pending.set({ type }, all.find((one) => one.type === type)?.count ?? 0)
      oldest = all.length === 0 ? undefined : Math.min(...all.map((one) => one.oldest.getTime()))
    },
  }
}

export type ApprovalMetrics = ReturnType<typeof createApprovalMetrics>
