import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** The process's own series: all of them, and those that every exporter's page carries. */
export interface SelfMetrics {
  /** `process_*`, `nodejs_*` and `aura_build_info`. */
  all(): Promise<string>
  /** `process_*` alone, under the names Go's client uses; boards of node_exporter and postgres_exporter ask for them. */
  process(): Promise<string>
}

// A reading every 10 ms, prom-client's default, would wake an idle process a hundred times a second.
const eventLoopPrecision = 100

const processNames = [
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_max_fds',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_virtual_memory_max_bytes',
  'process_start_time_seconds',
]

/** Collects the process's default metrics with prom-client. */
export function createSelfMetrics(version: string): SelfMetrics {
  const all = new Registry()
  collectDefaultMetrics({ register: all, eventLoopMonitoringPrecision: eventLoopPrecision })
  registerVirtualMemoryLimit(all)
  new Gauge({
    name: 'aura_build_info',
    help: 'Constant 1, labelled by what is running.',
    labelNames: ['version', 'node'],
    registers: [all],
  }).set({ version, node: process.version }, 1)
  return {
    all: () => all.metrics(),
    async process() {
      const present = processNames.filter((name) => all.getSingleMetric(name))
      const pages = await Promise.all(present.map((name) => all.getSingleMetricAsString(name)))
      return pages.map((page) => `${page.trimEnd()}\n`).join('')
    },
  }
}

/** Go's client has it and prom-client has not: "Max address space" of /proc/self/limits, unlimited as 2^64 - 1. */
function registerVirtualMemoryLimit(register: Registry): void {
  const bytes = virtualMemoryLimit()
  if (bytes === undefined) return
  const gauge = new Gauge({
    name: 'process_virtual_memory_max_bytes',
    help: 'Maximum amount of virtual memory available in bytes.',
    registers: [register],
  })
  gauge.set(bytes)
}

function virtualMemoryLimit(): number | undefined {
  try {
    const [, soft] = /^Max address space\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : soft === 'unlimited' ? 2 ** 64 : Number(soft)
  } catch {
    return undefined // no /proc: not Linux
  }
}
