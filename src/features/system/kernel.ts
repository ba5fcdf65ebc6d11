import type { Disk } from '../../exporters/host/collectors/diskstats.ts'
import type { MemoryInfo } from '../../exporters/host/collectors/meminfo.ts'
import type { NetworkDevice } from '../../exporters/host/collectors/netclass.ts'
import type { NetworkTraffic } from '../../exporters/host/collectors/netdev.ts'
import type { Pressures } from '../../exporters/host/collectors/pressure.ts'
import { known, perSecond, sum } from '../lib/rates.ts'
import type { SystemMetrics } from './contract.ts'

// Each function takes the earlier reading (undefined in the first), the present one, and the seconds between them.

export const noMemory: SystemMetrics['memory'] = { total: 0, available: 0, used: 0, swapTotal: 0, swapUsed: 0 }

/** Bytes. Kernels before 3.14 do not tell what is available: then what is free or easily freed. */
export function memoryOf(memory: MemoryInfo): SystemMetrics['memory'] {
  const bytes = (key: string): number | undefined => memory.get(`${key}_bytes`)
  const total = bytes('MemTotal') ?? 0
  const easily = sum([bytes('MemFree'), bytes('Buffers'), bytes('Cached')]) ?? 0
  const available = Math.min(total, bytes('MemAvailable') ?? easily)
  const swapTotal = bytes('SwapTotal') ?? 0
  const swapUsed = Math.max(0, swapTotal - (bytes('SwapFree') ?? 0))
  const parts = known({ buffers: bytes('Buffers'), cached: bytes('Cached') })
  return { total, available, used: total - available, ...parts, swapTotal, swapUsed }
}

const waited = (before: number | undefined, now: number | undefined, seconds: number): number | undefined => {
  const share = perSecond(before, now, seconds)
  return share === undefined ? undefined : Math.min(1, share)
}

/** Share of time in which some task waited. */
export function pressureOf(before: Pressures | undefined, now: Pressures, seconds: number): SystemMetrics['pressure'] {
  return known({
    cpu: waited(before?.cpu.waiting, now.cpu.waiting, seconds),
    io: waited(before?.io.waiting, now.io.waiting, seconds),
    memory: waited(before?.memory.waiting, now.memory.waiting, seconds),
  })
}

/** Where in a disk's values its counters lie. */
const at = { reads: 0, bytesRead: 2, writes: 4, bytesWritten: 6, busy: 9 } as const

export function disksOf(
  before: readonly Disk[] | undefined,
  now: readonly Disk[],
  seconds: number,
): SystemMetrics['disks'] {
  const earlier = new Map(before?.map((disk) => [disk.device, disk.values]))
  return now.map(({ device, values }) => {
    const rate = (i: number): number | undefined => perSecond(earlier.get(device)?.[i], values[i], seconds)
    const busy = rate(at.busy)
    return known({
      device,
      readBytesPerSecond: rate(at.bytesRead),
      writeBytesPerSecond: rate(at.bytesWritten),
      readsPerSecond: rate(at.reads),
      writesPerSecond: rate(at.writes),
      busy: busy === undefined ? undefined : Math.min(1, busy),
    })
  })
}

/** `states` says which are up; a device in an unknown state (lo) is neither up nor down. */
export function networkOf(
  before: NetworkTraffic | undefined,
  now: NetworkTraffic,
  seconds: number,
  states: readonly NetworkDevice[],
): SystemMetrics['network'] {
  const state = new Map(states.map(({ device, operstate }) => [device, operstate]))
  return [...now].map(([device, counters]) => {
    const rate = (key: string): number | undefined =>
      perSecond(before?.get(device)?.get(key), counters.get(key), seconds)
    const both = (key: string): number | undefined => sum([rate(`receive_${key}`), rate(`transmit_${key}`)])
    const operstate = state.get(device)
    return known({
      device,
      up: operstate === undefined || operstate === 'unknown' ? undefined : operstate === 'up',
      receiveBytesPerSecond: rate('receive_bytes'),
      transmitBytesPerSecond: rate('transmit_bytes'),
      errorsPerSecond: both('errs'),
      dropsPerSecond: both('drop'),
    })
  })
}
