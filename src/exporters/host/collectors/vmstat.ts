import { metricsByKey, untyped } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter, type Wanted } from '../lib/filter.ts'
import { eachLine, isNamePart, number } from '../lib/text.ts'
import type { Source } from '../source.ts'

/** `node_vmstat_<field>`. */
export const metricOf = metricsByKey((key) => untyped(`node_vmstat_${key}`, `/proc/vmstat information field ${key}.`))

/** Events and pages by field of /proc/vmstat. */
export type VmStatistics = ReadonlyMap<string, number>

export function parseVmStatistics(text: string, wanted: Wanted): VmStatistics {
  const values = new Map<string, number>()
  eachLine(text, (start, end) => {
    const split = text.indexOf(' ', start)
    if (split < 0 || split >= end) return
    const field = text.slice(start, split)
    if (!wanted(field) || !isNamePart(field)) return
    const value = number(text.slice(split + 1, end))
    if (value !== undefined) values.set(field, value)
  })
  return values
}

export function createVmstat(source: Source, config: HostConfig): Collector<VmStatistics> {
  const wanted = createFilter('', config.vmstat_fields)
  return {
    name: 'vmstat',
    read: () => parseVmStatistics(source.proc('vmstat'), wanted),
    write(reading, out) {
      for (const [key, value] of reading) out.set(metricOf(key), value)
    },
  }
}
