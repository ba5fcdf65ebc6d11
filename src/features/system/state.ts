import { failingOf, reasonOf } from '../lib/failing.ts'
import { createPrevious } from '../lib/previous.ts'
import { share } from '../lib/rates.ts'
import type { SystemConfig } from './config.ts'
import type { SystemMetrics } from './contract.ts'
import { cpuOf } from './cpu.ts'
import { filesystemsOf } from './filesystems.ts'
import { gpuLevel, gpusOf } from './gpus.ts'
import { disksOf, memoryOf, networkOf, noMemory, pressureOf } from './kernel.ts'
import { createSustained, levelOf, temperatureLevel, worst, type Level, type Threshold } from './levels.ts'
import type { HostReadings, Readings } from './read.ts'
import { temperaturesOf } from './temperatures.ts'
import { createTimeToFull } from './time-to-full.ts'

/** Pressure is told over 10 s, as the kernel's own first average is. */
const pressureSpan = 9500
/** Seconds over which the pace of filling is judged. */
const fillingSpan = 3600

/** Without these the contract's numbers cannot be right: their absence is said, whatever its cause. */
const required = ['cpu', 'meminfo', 'loadavg', 'stat', 'uname', 'diskstats', 'netdev'] as const

function failingSources({ host, failures }: Readings): Record<string, string> {
  const missing = required
    .filter((name) => host[name] === undefined)
    .map((name) => [name, failures.has(name) ? reasonOf(failures.get(name)) : 'no reading'] as const)
  return { ...failingOf(failures), ...Object.fromEntries(missing) }
}

/** Turns readings into what is shown. Keeps the earlier readings that rates are counted from. */
export function createSystemState(config: SystemConfig, sustainedMs: number): (readings: Readings) => SystemMetrics {
  const rates = createRates()
  const timeToFull = createTimeToFull(fillingSpan)
  const sustained = createSustained(sustainedMs)
  const thresholds = thresholdsOf(config)

  return (readings) => {
    const { host, time, at, slowAt } = readings
    const { cpu, pressure, disks, network } = rates(host, at)
    const mounts = host.filesystem ?? []
    timeToFull.keepOnly(new Set(mounts.map(({ mountpoint }) => mountpoint)))
    const filesystems = filesystemsOf(mounts, config.filesystems, (mountpoint, available) =>
      timeToFull.add(mountpoint, { at: slowAt / 1000, available }),
    )
    const temperatures = temperaturesOf(host.hwmon, host.thermal_zone).map((sensor) =>
      Object.assign(sensor, { level: temperatureLevel(sensor.celsius, sensor.critical, config) }),
    )
    const memory = host.meminfo === undefined ? noMemory : memoryOf(host.meminfo)
    const { load1, load5, load15 } = host.loadavg ?? { load1: 0, load5: 0, load15: 0 }
    const state = {
      host: hostOf(host, time),
      cpu,
      memory,
      load: { load1, load5, load15 },
      pressure,
      disks,
      filesystems,
      network,
      temperatures,
      gpus: gpusOf(readings.gpu),
    }
    const cpuLevel = cpu.busy === undefined ? undefined : sustained(cpu.busy, config.cpu, at)
    return { ...state, levels: levelsOf(state, cpuLevel, config), thresholds, failing: failingSources(readings) }
  }
}

/** What is counted from one reading to the next. */
function createRates() {
  const previous = {
    cpu: createPrevious<NonNullable<HostReadings['cpu']>>(),
    pressure: createPrevious<NonNullable<HostReadings['pressure']>>(pressureSpan),
    disks: createPrevious<NonNullable<HostReadings['diskstats']>>(),
    network: createPrevious<NonNullable<HostReadings['netdev']>>(),
  }
  return ({ cpu, pressure, diskstats, netdev, netclass = [] }: HostReadings, at: number) => {
    const earlier = {
      cpu: cpu && previous.cpu(cpu, at),
      pressure: pressure && previous.pressure(pressure, at),
      disks: diskstats && previous.disks(diskstats, at),
      network: netdev && previous.network(netdev, at),
    }
    return {
      cpu: cpu ? cpuOf(earlier.cpu?.before, cpu) : { cores: 0, perCore: [], modes: {} },
      pressure: pressure ? pressureOf(earlier.pressure?.before, pressure, earlier.pressure?.seconds ?? 0) : {},
      disks: diskstats ? disksOf(earlier.disks?.before, diskstats, earlier.disks?.seconds ?? 0) : [],
      network: netdev ? networkOf(earlier.network?.before, netdev, earlier.network?.seconds ?? 0, netclass) : [],
    }
  }
}

function hostOf({ uname, stat }: HostReadings, time: number): SystemMetrics['host'] {
  const boot = stat?.bootTime
  const uptime = boot === undefined ? 0 : Math.max(0, Math.floor(time / 1000 - boot))
  return { name: uname?.nodename ?? '', kernel: uname?.release ?? '', uptime }
}

/** As the contract names them. */
function thresholdsOf(config: SystemConfig): NonNullable<SystemMetrics['thresholds']> {
  const { cpu, memory, swap, load, filesystems, temperatures } = config
  const gpu = { gpuMemory: config.gpu_memory, gpuTemperature: config.gpu_temperature }
  return { cpu, memory, swap, load, filesystems, temperatures, ...gpu }
}

const levelIfKnown = (value: number | undefined, threshold: Threshold): Level | undefined =>
  value === undefined ? undefined : levelOf(value, threshold)

function levelsOf(
  state: Omit<SystemMetrics, 'levels' | 'thresholds' | 'failing'>,
  cpu: Level | undefined,
  config: SystemConfig,
): Record<string, Level> {
  const { memory, load, filesystems, temperatures, gpus } = state
  const levels = {
    cpu,
    memory: levelIfKnown(share(memory.used, memory.total), config.memory),
    swap: levelIfKnown(share(memory.swapUsed, memory.swapTotal), config.swap),
    load: state.cpu.cores === 0 ? undefined : levelOf(load.load5 / state.cpu.cores, config.load),
    filesystems: worst(filesystems.map(({ level }) => level)),
    temperatures: worst(temperatures.map(({ level }) => level)),
    gpus: gpuLevel(gpus, config),
  }
  return Object.fromEntries(Object.entries(levels).filter((one): one is [string, Level] => one[1] !== undefined))
}
