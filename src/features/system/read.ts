import type { CpuReading } from '../../exporters/host/collectors/cpu.ts'
import type { Disk } from '../../exporters/host/collectors/diskstats.ts'
import type { Filesystem } from '../../exporters/host/collectors/filesystem.ts'
import type { Hwmon } from '../../exporters/host/collectors/hwmon.ts'
import type { LoadAverage } from '../../exporters/host/collectors/loadavg.ts'
import type { MemoryInfo } from '../../exporters/host/collectors/meminfo.ts'
import type { NetworkDevice } from '../../exporters/host/collectors/netclass.ts'
import type { NetworkTraffic } from '../../exporters/host/collectors/netdev.ts'
import type { Pressures } from '../../exporters/host/collectors/pressure.ts'
import type { KernelStatistics } from '../../exporters/host/collectors/stat.ts'
import type { Thermal } from '../../exporters/host/collectors/thermal-zone.ts'
import type { Uname } from '../../exporters/host/collectors/uname.ts'
import type { FeatureClock, Take } from '../feature.ts'
import { createBeside, takeNow, type Taken } from '../lib/beside.ts'
import { gpuCollectors } from './gpus.ts'

/** The host collectors whose readings are shown; absent where one failed or this machine has no such source. */
export interface HostReadings {
  readonly cpu?: CpuReading
  readonly meminfo?: MemoryInfo
  readonly loadavg?: LoadAverage
  readonly pressure?: Pressures
  readonly diskstats?: readonly Disk[]
  readonly netdev?: NetworkTraffic
  readonly stat?: KernelStatistics
  readonly uname?: Uname
  readonly filesystem?: readonly Filesystem[]
  readonly hwmon?: Hwmon
  readonly thermal_zone?: Thermal
  readonly netclass?: readonly NetworkDevice[]
}

/** Kernel files that answer at once. */
const quick = ['cpu', 'meminfo', 'loadavg', 'pressure', 'diskstats', 'netdev', 'stat', 'uname'] as const
/** Mounts and drivers, which may hang, and files by the hundred. */
const slow = ['filesystem', 'hwmon', 'thermal_zone', 'netclass'] as const

/** Everything of one moment. */
export interface Readings {
  readonly host: HostReadings
  readonly gpu: ReadonlyMap<string, unknown>
  readonly failures: ReadonlyMap<string, unknown>
  /** ms since the epoch; monotonic ms of the quick readings, and of the slow ones. */
  readonly time: number
  readonly at: number
  readonly slowAt: number
}

export interface SystemSources {
  readonly host: Take
  readonly gpu: Take
  readonly clock: FeatureClock
}

const deadline = 2500
const patience = 300

/** Takes what the system feature needs: the quick readings now, the others beside them. */
export function createReadings({ host, gpu, clock }: SystemSources): () => Promise<Readings> {
  const { monotonic } = clock
  const beside = createBeside(host, slow, { every: 4500, deadline, patience, monotonic })
  // The exporter polls its programs at its own pace; asking it costs nothing.
  const cards = createBeside(gpu, gpuCollectors, { every: 0, deadline, patience, monotonic })
  return async () => {
    const time = clock.now()
    const taken = await Promise.all([takeNow(host, quick, deadline, monotonic), beside(), cards()])
    const [now, slower, gpus] = taken
    return {
      host: Object.fromEntries([...now.readings, ...slower.readings]) as HostReadings,
      gpu: gpus.readings,
      failures: failuresOf(taken),
      time,
      at: now.at,
      slowAt: slower.at,
    }
  }
}

const failuresOf = (taken: readonly Taken[]): ReadonlyMap<string, unknown> =>
  new Map(taken.flatMap(({ failures }) => [...failures]))
