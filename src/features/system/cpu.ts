import type { CpuReading, CpuTimes } from '../../exporters/host/collectors/cpu.ts'
import { known } from '../lib/rates.ts'
import type { SystemMetrics } from './contract.ts'

type Cpu = SystemMetrics['cpu']

/** In the order of /proc/stat; guests' time is part of user and nice. */
const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const
/** Waiting for a disk uses no processor. */
const unused = [modes.indexOf('idle'), modes.indexOf('iowait')]

/** Seconds by mode since the earlier reading; of a CPU that began anew (taken away and brought back) since then. */
function spent(before: CpuTimes | undefined, { seconds }: CpuTimes): number[] {
  const restarted = modes.some((_, i) => (seconds[i] ?? 0) < (before?.seconds[i] ?? 0))
  return modes.map((_, i) => {
    const value = (seconds[i] ?? 0) - (restarted ? 0 : (before?.seconds[i] ?? 0))
    return Number.isFinite(value) && value > 0 ? value : 0
  })
}

const total = (seconds: readonly number[]): number => seconds.reduce((all, value) => all + value, 0)

function busy(seconds: readonly number[]): number {
  const whole = total(seconds)
  const rest = unused.reduce((all, i) => all + (seconds[i] as number), 0)
  return whole > 0 ? Math.min(1, Math.max(0, (whole - rest) / whole)) : 0
}

/** Shares of processor time between two readings. Time idle or waiting for I/O is not busy. */
export function cpuOf(before: CpuReading | undefined, now: CpuReading): Cpu {
  const cores = now.cpus.length
  if (before === undefined) return { cores, perCore: [], modes: {} }
  const earlier = new Map(before.cpus.map((times) => [times.cpu, times]))
  const each = now.cpus.map((times) => spent(earlier.get(times.cpu), times))
  const all = modes.map((_, i) => each.reduce((sum, seconds) => sum + (seconds[i] as number), 0))
  const whole = total(all)
  if (whole === 0) return { cores, perCore: [], modes: {} }
  const shares = modes.map((mode, i) => {
    const told = now.cpus.some(({ seconds }) => seconds[i] !== undefined)
    return [mode, told ? (all[i] as number) / whole : undefined] as const
  })
  return { cores, busy: busy(all), perCore: each.map(busy), modes: known(Object.fromEntries(shares)) as Cpu['modes'] }
}
