import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { parseCpuList } from '../lib/cpu-list.ts'
import { count, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  seconds: counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.', 'cpu', 'mode'),
  guest: counter(
    'node_cpu_guest_seconds_total',
    'Seconds the CPUs spent in guests (VMs) for each mode.',
    'cpu',
    'mode',
  ),
  isolated: gauge('node_cpu_isolated', 'Whether the scheduler leaves this CPU alone.', 'cpu'),
  online: gauge('node_cpu_online', 'Whether this CPU is online.', 'cpu'),
}

/** Modes in the order of /proc/stat. `user` and `nice` include `guest` and `guest_nice`. */
export const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const
const idle = modes.indexOf('idle')

/** Seconds since boot that one CPU spent in each mode; a mode that an old kernel does not know is missing. */
export interface CpuTimes {
  readonly cpu: string
  /** In the order of `modes`, then guest and guest_nice. */
  readonly seconds: readonly number[]
}

export interface CpuReading {
  readonly cpus: readonly CpuTimes[]
  /** Numbers of the CPUs that the scheduler leaves alone, that exist, and that run; missing if the kernel does not tell. */
  readonly isolated: readonly number[] | undefined
  readonly present: readonly number[] | undefined
  readonly online: readonly number[] | undefined
}

/** The kernel counts in USER_HZ, which is 100 on every architecture that Linux still runs on. */
const ticksPerSecond = 100

/** The `cpuN` lines of /proc/stat. */
export function parseCpuTimes(text: string): CpuTimes[] {
  const cpus: CpuTimes[] = []
  let start = 0
  while (text.startsWith('cpu', start)) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const [name = '', ...ticks] = words(text, start, end)
    if (name !== 'cpu') {
      cpus.push({ cpu: name.slice(3), seconds: ticks.map((tick) => (count(tick) ?? Number.NaN) / ticksPerSecond) })
    }
    start = end + 1
  }
  return cpus
}

/** A fall of idle time by this much means that the CPU was taken away and brought back. */
const restarted = 3

const later = (before = 0, now: number): number => (now < before ? before : now)

/** Counters never fall: the kernel's idle and iowait may step back a little; only a restarted CPU begins anew. */
export function neverFalling(before: CpuTimes | undefined, now: CpuTimes): CpuTimes {
  if (before === undefined || (before.seconds[idle] ?? 0) - (now.seconds[idle] ?? 0) >= restarted) return now
  return { cpu: now.cpu, seconds: now.seconds.map((value, i) => later(before.seconds[i], value)) }
}

export function createCpu(source: Source): Collector<CpuReading> {
  let before: readonly CpuTimes[] = []
  const list = (name: string): number[] | undefined => {
    const text = source.attribute(`devices/system/cpu/${name}`)
    return text === undefined ? undefined : parseCpuList(text)
  }
  return {
    name: 'cpu',
    read() {
      const raw = parseCpuTimes(source.sharedProc('stat'))
      const cpus = raw.map((now, i) =>
        neverFalling(before[i]?.cpu === now.cpu ? before[i] : before.find(({ cpu }) => cpu === now.cpu), now),
      )
      before = cpus
      return { cpus, isolated: list('isolated'), present: list('present'), online: list('online') }
    },
    write(reading, out) {
      for (const { cpu, seconds } of reading.cpus) {
        for (let i = 0; i < modes.length; i++) out.set(metrics.seconds, seconds[i], cpu, modes[i] as string)
        out.set(metrics.guest, seconds[8], cpu, 'user')
        out.set(metrics.guest, seconds[9], cpu, 'nice')
      }
      for (const cpu of reading.isolated ?? []) out.set(metrics.isolated, 1, String(cpu))
      const { present = [], online } = reading
      if (online === undefined) return
      for (const cpu of present) out.set(metrics.online, online.includes(cpu) ? 1 : 0, String(cpu))
    },
  }
}
