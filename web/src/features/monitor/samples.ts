import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { usedShare } from './pick.ts'

/** Values of one moment by the names of the history; what is not known is absent. */
export type Sample = Readonly<Record<string, number | undefined>>

/** A reading under the names that `GET /api/system/history` uses, so that live points continue its lines. */
export function sampleOf(system: SystemMetrics): Sample {
  const { cpu, memory, load, pressure } = system
  const sample: Record<string, number | undefined> = { 'cpu.busy': cpu.busy }
  for (const [mode, share] of Object.entries(cpu.modes)) sample[`cpu.${mode}`] = share
  cpu.perCore.forEach((share, core) => (sample[`cpu.core${core}`] = share))
  if (memory.total > 0) {
    Object.assign(sample, { 'memory.used': memory.used, 'memory.available': memory.available })
    sample['memory.cached'] = memory.cached
    sample['swap.used'] = memory.swapUsed
  }
  if (!('loadavg' in system.failing)) for (const [key, value] of Object.entries(load)) sample[`load.${key}`] = value
  for (const [key, share] of Object.entries(pressure)) sample[`pressure.${key}`] = share
  addDevices(sample, system)
  for (const gpu of system.gpus) {
    sample[`gpu.${gpu.uuid}.utilization`] = gpu.utilization
    sample[`gpu.${gpu.uuid}.memory`] = gpu.memoryUsed
    sample[`gpu.${gpu.uuid}.celsius`] = gpu.celsius
    sample[`gpu.${gpu.uuid}.watts`] = gpu.watts
  }
  return sample
}

function addDevices(sample: Record<string, number | undefined>, system: SystemMetrics): void {
  for (const disk of system.disks) {
    sample[`disk.${disk.device}.read`] = disk.readBytesPerSecond
    sample[`disk.${disk.device}.write`] = disk.writeBytesPerSecond
    sample[`disk.${disk.device}.busy`] = disk.busy
  }
  for (const mount of system.filesystems) sample[`filesystem.${mount.mountpoint}.used`] = usedShare(mount)
  for (const device of system.network) {
    sample[`network.${device.device}.receive`] = device.receiveBytesPerSecond
    sample[`network.${device.device}.transmit`] = device.transmitBytesPerSecond
  }
  for (const { name, celsius } of system.temperatures) sample[`temperature.${name}`] = celsius
}

/** The same of `GET /api/database/history`; nothing is known of a server that is away. */
export function databaseSample({ state, connections, activity }: DatabaseHealth): Sample {
  const sample: Record<string, number | undefined> = {}
  if (!state.up) return sample
  sample['connections.used'] = connections.used
  // States that nobody is in are not listed.
  Object.assign(sample, { 'connections.state.active': 0, 'connections.state.idle in transaction': 0 })
  for (const [name, value] of Object.entries(connections.byState)) sample[`connections.state.${name}`] = value
  for (const [name, value] of Object.entries(activity)) sample[`activity.${name}`] = value
  return sample
}
