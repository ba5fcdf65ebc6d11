import { readdirSync, readFileSync } from 'node:fs'
import { counter, createExposition, gauge } from '../lib/exposition.ts'

// The names of Go's client: boards of node_exporter and postgres_exporter ask for them on the exporter's own page.
const metrics = {
  cpu: counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.'),
  openFds: gauge('process_open_fds', 'Number of open file descriptors.'),
  maxFds: gauge('process_max_fds', 'Maximum number of open file descriptors.'),
  resident: gauge('process_resident_memory_bytes', 'Resident memory size in bytes.'),
  virtual: gauge('process_virtual_memory_bytes', 'Virtual memory size in bytes.'),
  virtualMax: gauge('process_virtual_memory_max_bytes', 'Maximum amount of virtual memory available in bytes.'),
  start: gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.'),
}

const pageSize = 4096
const start = Date.now() / 1000 - process.uptime()

interface Limits {
  readonly maxFds: number | undefined
  readonly virtualMax: number | undefined
}

/** Soft limits of /proc/self/limits; unlimited memory is 2^64, as Go's client says it. */
export function parseLimits(text: string): Limits {
  const soft = (name: string): string | undefined => new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(text)?.[1]
  return { maxFds: limit(soft('Max open files')), virtualMax: limit(soft('Max address space')) }
}

function limit(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  return value === 'unlimited' ? 2 ** 64 : Number(value)
}

const onLinux = process.platform === 'linux'
// Limits of a running process change only if somebody calls prlimit on it.
const limits = onLinux ? parseLimits(readFileSync('/proc/self/limits', 'utf8')) : undefined

/** The `process_*` page of this process. */
export function processMetrics(): string {
  const out = createExposition()
  const { user, system } = process.cpuUsage()
  out.set(metrics.cpu, (user + system) / 1e6)
  out.set(metrics.start, start)
  if (onLinux) {
    const [virtual = 0, resident = 0] = readFileSync('/proc/self/statm', 'latin1').split(' ', 2).map(Number)
    out.set(metrics.virtual, virtual * pageSize)
    out.set(metrics.resident, resident * pageSize)
    out.set(metrics.openFds, readdirSync('/proc/self/fd').length - 1)
    out.set(metrics.maxFds, limits?.maxFds)
    out.set(metrics.virtualMax, limits?.virtualMax)
  } else {
    out.set(metrics.resident, process.memoryUsage.rss())
  }
  return out.text()
}
