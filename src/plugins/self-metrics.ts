import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { version } from '../version.ts'

// A reading every 10 ms, prom-client's default, would wake an idle process a hundred times a second.
const eventLoopPrecision = 100

// Gauges named like counters, which promtool rightly refuses, and one that reads 2^63 when no sample fell in between.
const unfit = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_lag_min_seconds',
]

/** What Aura counts of itself: slices register theirs, and the page shows all. */
export interface SelfMetrics {
  readonly register: Registry
  page(): Promise<string>
}

/** The page of this process: prom-client's `process_*` and `nodejs_*`, `aura_build_info`, and what slices add. */
export function createSelfMetrics(): SelfMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: eventLoopPrecision })
  for (const name of unfit) register.removeSingleMetric(name)
  new Gauge({
    name: 'aura_build_info',
    help: 'Constant 1, labelled by what is running.',
    labelNames: ['version', 'node'],
    registers: [register],
  }).set({ version, node: process.version }, 1)
  return { register, page: async () => `${(await register.metrics()).trimEnd()}\n` }
}
