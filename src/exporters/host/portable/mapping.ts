import type { Systeminformation } from 'systeminformation'
import type { Exposition } from '../../../lib/exposition.ts'
import { metrics as frequencies } from '../collectors/cpufreq.ts'
import { metrics as filesystem } from '../collectors/filesystem.ts'
import { metricOf as memoryField } from '../collectors/meminfo.ts'
import { metricOf as networkCounter } from '../collectors/netdev.ts'
import { majorMinor, metrics as os } from '../collectors/os.ts'
import { metrics as power } from '../collectors/powersupplyclass.ts'
import { hwmonFamily } from '../hwmon/families.ts'

/** Of something that counts nothing on this system, systeminformation gives 0 or null rather than nothing. */
const known = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && value > 0 ? value : undefined

const finite = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** Bytes of memory and swap. */
export function writeMemory(memory: Systeminformation.MemData, out: Exposition): void {
  const set = (key: string, value: number | undefined): void => out.set(memoryField(`${key}_bytes`), value)
  set('MemTotal', known(memory.total))
  set('MemFree', known(memory.free))
  set('MemAvailable', known(memory.available))
  set('Buffers', known(memory.buffers))
  set('Cached', known(memory.cached))
  set('Slab', known(memory.slab))
  set('Active', known(memory.active))
  // No swap at all is a fact, not a gap.
  set('SwapTotal', finite(memory.swaptotal))
  set('SwapFree', finite(memory.swapfree))
}

/** Space of each volume. A mount point shows once, as what lies on top. */
export function writeFilesystems(volumes: readonly Systeminformation.FsSizeData[], out: Exposition): void {
  const byMount = new Map(volumes.map((volume) => [volume.mount, volume]))
  for (const { fs, type, size, used, available, mount, rw } of byMount.values()) {
    out.set(filesystem.size, known(size), fs, type, mount)
    out.set(filesystem.free, known(size) === undefined ? undefined : finite(size - used), fs, type, mount)
    out.set(filesystem.available, known(size) === undefined ? undefined : finite(available), fs, type, mount)
    out.set(filesystem.readonly, rw === null ? undefined : Number(!rw), fs, type, mount)
  }
}

/** Traffic of each interface since it came up. */
export function writeNetwork(interfaces: readonly Systeminformation.NetworkStatsData[], out: Exposition): void {
  const byName = new Map(interfaces.map((one) => [one.iface, one]))
  for (const [device, stats] of byName) {
    const set = (key: string, value: number | null): void => out.set(networkCounter(key), finite(value), device)
    set('receive_bytes', stats.rx_bytes)
    set('receive_errs', stats.rx_errors)
    set('receive_drop', stats.rx_dropped)
    set('transmit_bytes', stats.tx_bytes)
    set('transmit_errs', stats.tx_errors)
    set('transmit_drop', stats.tx_dropped)
  }
}

/** Current frequency of each CPU; hypervisors and some chips do not tell it. */
export function writeFrequencies(speed: Systeminformation.CpuCurrentSpeedData, out: Exposition): void {
  for (const [cpu, gigahertz] of speed.cores.entries()) {
    const value = known(gigahertz)
    out.set(frequencies.scalingCurrent, value === undefined ? undefined : Math.round(value * 1e9), String(cpu))
  }
}

const { metric: temperature } = hwmonFamily('temp', 'input', false)

/** Temperatures of processor and chipset, where the system lets a program read them. */
export function writeTemperatures(heat: Systeminformation.CpuTemperatureData, out: Exposition): void {
  const set = (sensor: string, value: number | null | undefined): void =>
    out.set(temperature, known(value), 'cpu', sensor)
  set('package', heat.main)
  for (const [core, value] of heat.cores.entries()) set(`core${core}`, value)
  set('chipset', heat.chipset)
}

export function writeBattery(battery: Systeminformation.BatteryData, out: Exposition): void {
  if (!battery.hasBattery) return
  const set = (attribute: string, value: number | undefined, supply: string): void => {
    const metric = power[attribute]
    if (metric !== undefined) out.set(metric, value, supply)
  }
  set('capacity', finite(battery.percent), 'battery')
  set('cycle_count', known(battery.cycleCount), 'battery')
  set('online', battery.acConnected ? 1 : 0, 'mains')
}

/** Which system this is, in the words of os-release. */
export function writeOs(info: Systeminformation.OsData, out: Exposition): void {
  const id = info.platform.toLowerCase()
  const pretty = `${info.distro} ${info.release}`
  const { distro: name, release: version, codename, build } = info
  out.set(os.info, 1, build, id, '', '', '', name, pretty, '', '', version, codename, version)
  out.set(os.version, majorMinor(version), id, '', name)
}
