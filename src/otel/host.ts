import type { BatchObservableResult, Meter } from '@opentelemetry/api'
import { modes, type CpuReading } from '../exporters/host/collectors/cpu.ts'
import type { Disk } from '../exporters/host/collectors/diskstats.ts'
import type { Filesystem } from '../exporters/host/collectors/filesystem.ts'
import type { MemoryInfo } from '../exporters/host/collectors/meminfo.ts'
import type { NetworkTraffic } from '../exporters/host/collectors/netdev.ts'

/** The host collectors whose readings become `system.*`. */
export interface HostReadings {
  readonly cpu?: CpuReading
  readonly meminfo?: MemoryInfo
  readonly diskstats?: readonly Disk[]
  readonly filesystem?: readonly Filesystem[]
  readonly netdev?: NetworkTraffic
}

export const hostCollectors = ['cpu', 'meminfo', 'diskstats', 'filesystem', 'netdev'] as const

/**
 * Host readings as the OpenTelemetry system conventions name them (semantic conventions 1.44, status development).
 * Returns the function that observes one set of readings, and the instruments it observes.
 */
export function hostInstruments(meter: Meter) {
  const counter = (name: string, unit: string) => meter.createObservableCounter(name, { unit })
  const gauge = (name: string, unit: string) => meter.createObservableUpDownCounter(name, { unit })
  const the = {
    cpuTime: counter('system.cpu.time', 's'),
    cpuCount: gauge('system.cpu.logical.count', '{cpu}'),
    memoryUsage: gauge('system.memory.usage', 'By'),
    memoryLimit: gauge('system.memory.limit', 'By'),
    pagingUsage: gauge('system.paging.usage', 'By'),
    diskIo: counter('system.disk.io', 'By'),
    diskOperations: counter('system.disk.operations', '{operation}'),
    diskIoTime: counter('system.disk.io_time', 's'),
    filesystemUsage: gauge('system.filesystem.usage', 'By'),
    filesystemLimit: gauge('system.filesystem.limit', 'By'),
    networkIo: counter('system.network.io', 'By'),
    networkPackets: counter('system.network.packet.count', '{packet}'),
    networkErrors: counter('system.network.errors', '{error}'),
    networkDropped: counter('system.network.packet.dropped', '{packet}'),
  }
  const observe = (result: BatchObservableResult, readings: HostReadings): void => {
    if (readings.cpu) observeCpu(result, the, readings.cpu)
    if (readings.meminfo) observeMemory(result, the, readings.meminfo)
    for (const disk of readings.diskstats ?? []) observeDisk(result, the, disk)
    for (const filesystem of readings.filesystem ?? []) observeFilesystem(result, the, filesystem)
    for (const [device, counters] of readings.netdev ?? []) observeNetwork(result, the, device, counters)
  }
  return { instruments: Object.values(the), observe }
}

type Instruments = Record<
  | 'cpuTime'
  | 'cpuCount'
  | 'memoryUsage'
  | 'memoryLimit'
  | 'pagingUsage'
  | 'diskIo'
  | 'diskOperations'
  | 'diskIoTime'
  | 'filesystemUsage'
  | 'filesystemLimit'
  | 'networkIo'
  | 'networkPackets'
  | 'networkErrors'
  | 'networkDropped',
  ReturnType<Meter['createObservableCounter']>
>

/** What the kernel calls a mode -> the convention's word. */
const cpuModes: Record<string, string> = { irq: 'interrupt', softirq: 'interrupt' }

function observeCpu(result: BatchObservableResult, the: Instruments, { cpus }: CpuReading): void {
  result.observe(the.cpuCount, cpus.length)
  for (const { cpu, seconds } of cpus) {
    const byMode = new Map<string, number>()
    modes.forEach((mode, i) => {
      const name = cpuModes[mode] ?? mode
      const value = seconds[i]
      if (value !== undefined) byMode.set(name, (byMode.get(name) ?? 0) + value)
    })
    for (const [mode, value] of byMode) {
      result.observe(the.cpuTime, value, { 'cpu.logical_number': Number(cpu), 'cpu.mode': mode })
    }
  }
}

function observeMemory(result: BatchObservableResult, the: Instruments, memory: MemoryInfo): void {
  const [total, free, buffers, cached] = ['MemTotal', 'MemFree', 'Buffers', 'Cached'].map((key) =>
    memory.get(`${key}_bytes`),
  )
  if (total !== undefined) result.observe(the.memoryLimit, total)
  const states = { free, buffers, cached, used: difference(total, free, buffers, cached) }
  for (const [state, value] of Object.entries(states)) {
    if (value !== undefined) result.observe(the.memoryUsage, value, { 'system.memory.state': state })
  }
  const [swap, swapFree] = [memory.get('SwapTotal_bytes'), memory.get('SwapFree_bytes')]
  if (swapFree !== undefined) result.observe(the.pagingUsage, swapFree, { 'system.paging.state': 'free' })
  const swapUsed = difference(swap, swapFree)
  if (swapUsed !== undefined) result.observe(the.pagingUsage, swapUsed, { 'system.paging.state': 'used' })
}

/** Whole less its parts; undefined as soon as one of them is not known. */
function difference(whole: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce((rest, part) => (rest === undefined || part === undefined ? undefined : rest - part), whole)
}

function observeDisk(result: BatchObservableResult, the: Instruments, { device, values }: Disk): void {
  const [reads, , bytesRead, , writes, , bytesWritten, , , busy] = values
  const by = (direction: string) => ({ 'system.device': device, 'disk.io.direction': direction })
  const set = (instrument: Instruments['diskIo'], value: number | undefined, attributes: object): void => {
    if (value !== undefined) result.observe(instrument, value, { ...attributes })
  }
  set(the.diskIo, bytesRead, by('read'))
  set(the.diskIo, bytesWritten, by('write'))
  set(the.diskOperations, reads, by('read'))
  set(the.diskOperations, writes, by('write'))
  set(the.diskIoTime, busy, { 'system.device': device })
}

function observeFilesystem(result: BatchObservableResult, the: Instruments, mount: Filesystem): void {
  const { device, fstype, mountpoint, space } = mount
  if (space === undefined) return
  const attributes = {
    'system.device': device,
    'system.filesystem.mode': mount.readonly ? 'ro' : 'rw',
    'system.filesystem.mountpoint': mountpoint,
    'system.filesystem.type': fstype,
  }
  result.observe(the.filesystemLimit, space.size, attributes)
  const states = { free: space.available, reserved: space.free - space.available, used: space.size - space.free }
  for (const [state, value] of Object.entries(states)) {
    result.observe(the.filesystemUsage, value, { ...attributes, 'system.filesystem.state': state })
  }
}

function observeNetwork(
  result: BatchObservableResult,
  the: Instruments,
  device: string,
  counters: ReadonlyMap<string, number>,
): void {
  const families = {
    bytes: the.networkIo,
    packets: the.networkPackets,
    errs: the.networkErrors,
    drop: the.networkDropped,
  }
  for (const [key, instrument] of Object.entries(families)) {
    for (const direction of ['receive', 'transmit']) {
      const value = counters.get(`${direction}_${key}`)
      const attributes = { 'network.interface.name': device, 'network.io.direction': direction }
      if (value !== undefined) result.observe(instrument, value, attributes)
    }
  }
}
