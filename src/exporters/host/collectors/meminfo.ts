import { gauge, metricsByKey } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { eachLine, isNamePart } from '../lib/text.ts'
import type { Source } from '../source.ts'

/** `node_memory_<key>`, keys as in `MemoryInfo`. */
export const metricOf = metricsByKey((key) => gauge(`node_memory_${key}`, `Memory information field ${key}.`))

/**
 * /proc/meminfo by field: sizes as `MemTotal_bytes`, `Active_anon_bytes`, in bytes; counts of pages as `HugePages_Total`.
 */
export type MemoryInfo = ReadonlyMap<string, number>

const colon = ':'
const unit = ' kB'

/** `Active(anon)` -> `Active_anon`. */
function keyOf(field: string): string {
  const open = field.indexOf('(')
  return open < 0 ? field : `${field.slice(0, open)}_${field.slice(open + 1, -1)}`
}

const keys = new Map<string, string>()

/** The key of a field, `` if it can have none, made once for each of the few fields that a kernel has. */
function remembered(field: string, sized: boolean): string {
  const known = keys.get(field)
  if (known !== undefined) return known
  const plain = keyOf(field)
  const key = isNamePart(plain) ? (sized ? `${plain}_bytes` : plain) : ''
  if (keys.size < 1000) keys.set(field, key)
  return key
}

export function parseMemoryInfo(text: string): MemoryInfo {
  const values = new Map<string, number>()
  eachLine(text, (start, end) => {
    const split = text.indexOf(colon, start)
    if (split < 0 || split >= end) return
    const sized = text.startsWith(unit, end - unit.length)
    const digits = text.slice(split + 1, sized ? end - unit.length : end).trim()
    if (digits === '') return
    const value = Number(digits)
    const key = remembered(text.slice(start, split), sized)
    if (key !== '' && !Number.isNaN(value)) values.set(key, sized ? value * 1024 : value)
  })
  return values
}

export function createMeminfo(source: Source): Collector<MemoryInfo> {
  return {
    name: 'meminfo',
    read: () => parseMemoryInfo(source.proc('meminfo')),
    write(reading, out) {
      for (const [key, value] of reading) out.set(metricOf(key), value)
    },
  }
}
