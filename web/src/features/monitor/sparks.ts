import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { thresholdsOf, type Threshold } from './graph-specs.ts'
import { busiestDisk, busiestNetwork, hottest } from './pick.ts'
import type { TileKey } from './tile-views.ts'

/** The line in a tile. */
export interface Spark {
  readonly name: string
  readonly max?: number | undefined
  readonly thresholds?: readonly Threshold[] | undefined
}

/** What a tile draws of the last minutes; undefined where a bar says more, or nothing is known. */
export function sparkOf(key: TileKey, system: SystemMetrics): Spark | undefined {
  switch (key) {
    case 'cpu':
      return { name: 'cpu.busy', max: 1, thresholds: thresholdsOf(system, 'cpu') }
    case 'load':
      return { name: 'load.load1', thresholds: thresholdsOf(system, 'load', system.cpu.cores) }
    case 'pressure':
      return system.pressure.cpu === undefined ? undefined : { name: 'pressure.cpu' }
    case 'disks': {
      const disk = busiestDisk(system.disks)
      return disk && { name: `disk.${disk.device}.busy`, max: 1 }
    }
    case 'network': {
      const device = busiestNetwork(system.network)
      return device && { name: `network.${device.device}.receive` }
    }
    case 'temperatures': {
      const sensor = hottest(system.temperatures)
      return sensor && { name: `temperature.${sensor.name}`, max: sensor.critical }
    }
    default:
      return undefined
  }
}
