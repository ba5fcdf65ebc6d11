import { arch, cpus, hostname, loadavg, machine, platform, release, type, uptime, version } from 'node:os'
import type { Systeminformation } from 'systeminformation'
import type { Exposition } from '../../lib/exposition.ts'
import type { Collector } from '../exporter.ts'
import { metrics as cpu } from './collectors/cpu.ts'
import { metrics as load } from './collectors/loadavg.ts'
import { metrics as stat } from './collectors/stat.ts'
import { metrics as time } from './collectors/time.ts'
import { metrics as uname } from './collectors/uname.ts'
import {
  writeBattery,
  writeFilesystems,
  writeFrequencies,
  writeMemory,
  writeNetwork,
  writeOs,
  writeTemperatures,
} from './portable/mapping.ts'

/** The part of systeminformation that is used here. */
export interface Facts {
  mem(): Promise<Systeminformation.MemData>
  fsSize(): Promise<Systeminformation.FsSizeData[]>
  networkStats(interfaces: string): Promise<Systeminformation.NetworkStatsData[]>
  cpuCurrentSpeed(): Promise<Systeminformation.CpuCurrentSpeedData>
  cpuTemperature(): Promise<Systeminformation.CpuTemperatureData>
  battery(): Promise<Systeminformation.BatteryData>
  osInfo(): Promise<Systeminformation.OsData>
}

const systeminformation = async (): Promise<Facts> => (await import('systeminformation')).default

/** What Node itself knows of the CPUs: times since boot in ms. Modes that the system does not tell apart stay absent. */
export function writeCpuTimes(times: readonly { readonly times: Record<string, number> }[], out: Exposition): void {
  const modes = { user: 'user', nice: 'nice', sys: 'system', idle: 'idle', irq: 'irq' }
  for (const [key, mode] of Object.entries(modes)) {
    if (times.every((one) => one.times[key] === 0)) continue
    for (const [index, one] of times.entries()) {
      const milliseconds = one.times[key]
      out.set(cpu.seconds, milliseconds === undefined ? undefined : milliseconds / 1000, String(index), mode)
    }
  }
}

/** Windows has no load average, and Node says 0 for it. */
function writeLoad([one, five, fifteen]: readonly number[], out: Exposition): void {
  if (platform() === 'win32') return
  out.set(load.load1, one)
  out.set(load.load5, five)
  out.set(load.load15, fifteen)
}

function writeUname(out: Exposition): void {
  out.set(uname.info, 1, '(none)', machine() || arch(), hostname(), release(), type(), version())
}

function of<T>(name: string, read: () => T | Promise<T>, write: (reading: T, out: Exposition) => void): Collector {
  return { name, read, write: (reading, out) => write(reading as T, out) }
}

/**
 * Collectors for systems without /proc and /sys (macOS, Windows): the part of node_exporter's names that Node and
 * systeminformation can tell truthfully. The latter starts programs of the system, hence the long reads.
 */
export function createPortable(loadFacts: () => Promise<Facts> = systeminformation): Collector[] {
  // Worked out once: the difference of two clocks wavers.
  const booted = Math.round(Date.now() / 1000 - uptime())
  let loaded: Promise<Facts> | undefined
  const facts = (): Promise<Facts> => (loaded ??= loadFacts())
  let system: Promise<Systeminformation.OsData> | undefined
  const asked = <T>(name: string, ask: (from: Facts) => Promise<T>, write: (reading: T, out: Exposition) => void) =>
    of(name, async () => ask(await facts()), write)

  return [
    of('cpu', cpus, writeCpuTimes),
    of('loadavg', loadavg, writeLoad),
    of('time', Date.now, (now, out) => out.set(time.now, now / 1000)),
    of(
      'boottime',
      () => booted,
      (seconds, out) => out.set(stat.bootTime, seconds),
    ),
    of(
      'uname',
      () => undefined,
      (_, out) => writeUname(out),
    ),
    asked('meminfo', (from) => from.mem(), writeMemory),
    asked('filesystem', (from) => from.fsSize(), writeFilesystems),
    asked('netdev', (from) => from.networkStats('*'), writeNetwork),
    asked('cpufreq', (from) => from.cpuCurrentSpeed(), writeFrequencies),
    asked('hwmon', (from) => from.cpuTemperature(), writeTemperatures),
    asked('powersupplyclass', (from) => from.battery(), writeBattery),
    // The system is the same at every scrape, and costs several programs to ask.
    asked('os', (from) => (system ??= from.osInfo()), writeOs),
  ]
}
