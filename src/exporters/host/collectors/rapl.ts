import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../../errors.ts'
import { counter, metricsByKey } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices } from '../sysfs.ts'

const cleanName = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')

/** By domain: `package`, `core`, `uncore`, `dram`, `psys`. */
const joules = metricsByKey((name) =>
  counter(`node_rapl_${cleanName(name)}_joules_total`, `Current RAPL ${name} value in joules`, 'index', 'path'),
)

/** Energy that one domain of a processor has used, in joules; wraps around at a value of the hardware's choice. */
export interface RaplZone {
  readonly name: string
  readonly index: string
  readonly path: string
  readonly joules: number
}

/** `package-1` is zone "package" number 1; a name without number counts on from the ones before it. */
export function splitZoneName(name: string, seen: ReadonlyMap<string, number>): { name: string; index: number } {
  const [, base = '', number = ''] = /^([^-]*)-(\d+)$/.exec(name) ?? []
  return base === '' ? { name, index: seen.get(name) ?? 0 } : { name: base, index: Number(number) }
}

function readZones(source: Source): RaplZone[] {
  const seen = new Map<string, number>()
  const zones: RaplZone[] = []
  for (const dir of devices(source, 'class/powercap')) {
    const path = join(source.roots.sys, 'class/powercap', dir)
    const label = source.attribute(`class/powercap/${dir}/name`)
    if (label === undefined) continue
    const { name, index } = splitZoneName(label, seen)
    seen.set(name, index + 1)
    zones.push({
      name,
      index: String(index),
      path,
      joules: Number(readFileSync(join(path, 'energy_uj'), 'utf8')) / 1e6,
    })
  }
  return zones
}

/** Energy counters of processors and memory. Since kernel 5.10 only root may read them. */
export function createRapl(source: Source): Collector<RaplZone[]> {
  return {
    name: 'rapl',
    read() {
      try {
        return readZones(source)
      } catch (error) {
        if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')) {
          throw new UnavailableError('energy counters may be read by root only (energy_uj)', { cause: error })
        }
        throw error
      }
    },
    write(zones, out) {
      for (const { name, index, path, joules: used } of zones) out.set(joules(name), used, index, path)
    },
  }
}
