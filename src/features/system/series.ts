import type { Sample } from '../lib/history.ts'
import type { SystemMetrics } from './contract.ts'
import { usedShare } from './filesystems.ts'

/** The values of one moment under the names they have in the history. */
export function seriesOf(state: SystemMetrics): Sample {
  const sample: Record<string, number | undefined> = { 'cpu.busy': state.cpu.busy }
  for (const [mode, share] of Object.entries(state.cpu.modes)) sample[`cpu.${mode}`] = share
  state.cpu.perCore.forEach((share, i) => (sample[`cpu.core${i}`] = share))
  if (!('meminfo' in state.failing) && state.memory.total > 0) {
    const { used, available, cached, swapUsed } = state.memory
    Object.assign(sample, { 'memory.used': used, 'memory.available': available, 'memory.cached': cached })
    sample['swap.used'] = swapUsed
  }
  if (!('loadavg' in state.failing)) for (const [key, load] of Object.entries(state.load)) sample[`load.${key}`] = load
  for (const [key, share] of Object.entries(state.pressure)) sample[`pressure.${key}`] = share
  addDevices(sample, state)
  for (const { uuid, ...gpu } of state.gpus) {
    sample[`gpu.${uuid}.utilization`] = gpu.utilization
    sample[`gpu.${uuid}.memory`] = gpu.memoryUsed
    sample[`gpu.${uuid}.celsius`] = gpu.celsius
    sample[`gpu.${uuid}.watts`] = gpu.watts
  }
  return sample
}

function addDevices(sample: Record<string, number | undefined>, state: SystemMetrics): void {
  for (const { device, ...disk } of state.disks) {
    sample[`disk.${device}.read`] = disk.readBytesPerSecond
    sample[`disk.${device}.write`] = disk.writeBytesPerSecond
    sample[`disk.${device}.busy`] = disk.busy
  }
  for (const mount of state.filesystems) sample[`filesystem.${mount.mountpoint}.used`] = usedShare(mount)
  for (const { device, ...network } of state.network) {
    sample[`network.${device}.receive`] = network.receiveBytesPerSecond
    sample[`network.${device}.transmit`] = network.transmitBytesPerSecond
  }
  for (const { name, celsius } of state.temperatures) sample[`temperature.${name}`] = celsius
}
