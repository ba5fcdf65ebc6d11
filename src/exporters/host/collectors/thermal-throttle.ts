import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../../errors.ts'
import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { numberAttribute } from '../sysfs.ts'

export const metrics = {
  core: counter(
    'node_cpu_core_throttles_total',
    'Number of times this CPU core has been throttled.',
    'package',
    'core',
  ),
  package: counter(
    'node_cpu_package_throttles_total',
    'Number of times this CPU package has been throttled.',
    'package',
  ),
}

/** How often heat has slowed a core or a whole package; `core` is absent on the package's row. */
export interface Throttle {
  readonly package: string
  readonly core?: string
  readonly count: number
}

const root = 'devices/system/cpu'

function count(source: Source, cpu: string, file: string): number | undefined {
  return numberAttribute(source, `${root}/${cpu}/thermal_throttle/${file}`)
}

/** One row for each core and each package, from the first of its threads that knows. */
function readThrottles(source: Source): Throttle[] {
  const rows = new Map<string, Throttle>()
  for (const cpu of source.sysList(root).filter((name) => /^cpu\d+$/.test(name))) {
    const packageId = source.attribute(`${root}/${cpu}/topology/physical_package_id`)
    const core = source.attribute(`${root}/${cpu}/topology/core_id`)
    if (packageId === undefined || core === undefined) continue
    const coreKey = `${packageId} ${core}`
    const coreCount = rows.has(coreKey) ? undefined : count(source, cpu, 'core_throttle_count')
    if (coreCount !== undefined) rows.set(coreKey, { package: packageId, core, count: coreCount })
    const packageCount = rows.has(packageId) ? undefined : count(source, cpu, 'package_throttle_count')
    if (packageCount !== undefined) rows.set(packageId, { package: packageId, count: packageCount })
  }
  return [...rows.values()]
}

/** Thermal throttling of CPUs; x86 only, and not in most virtual machines. */
export function createThermalThrottle(source: Source): Collector<Throttle[]> {
  const counted = existsSync(join(source.roots.sys, root, 'cpu0/thermal_throttle'))
  return {
    name: 'thermal_throttle',
    read() {
      if (!counted) throw new UnavailableError('this kernel counts no thermal throttling')
      return readThrottles(source)
    },
    write(reading, out) {
      for (const row of reading) {
        if (row.core === undefined) out.set(metrics.package, row.count, row.package)
        else out.set(metrics.core, row.count, row.package, row.core)
      }
    },
  }
}
