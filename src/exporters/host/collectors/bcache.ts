import type { Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { ofBackingDevice, ofCacheDevice, ofSet, ofWriteback, type Row } from '../bcache-families.ts'
import type { Source } from '../source.ts'

const units = 'kMGTPEZY'

/** Numbers as bcache prints them: `546`, `-12.3k`, `1.1M/sec`, in powers of 1024. */
export function parseHuman(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(-?\d+(?:\.\d+)?)([kMGTPEZY]?)(?:\/sec)?$/.exec(text ?? '') ?? []
  return digits === undefined ? undefined : Number(digits) * (unit === '' ? 1 : 1024 ** (units.indexOf(unit) + 1))
}

/** `key: value` lines. */
export function parseWritebackDebug(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^([\w ]+):\s*(\S+)/gm)].map(([, key = '', value = '']) => [key, value]))
}

interface Sample {
  readonly metric: Metric
  readonly value: number | undefined
  readonly labels: readonly string[]
}

function readRows(source: Source, path: string, rows: readonly Row[], labels: readonly string[]): Sample[] {
  return rows.map(([file, metric, divisor]) => {
    const value = parseHuman(source.attribute(`${path}/${file}`))
    return { metric, value: value === undefined ? undefined : value / divisor, labels }
  })
}

function readWriteback(source: Source, path: string, labels: readonly string[]): Sample[] {
  const lines = parseWritebackDebug(source.attribute(`${path}/writeback_rate_debug`) ?? '')
  return ofWriteback.map(([key, metric]) => ({ metric, value: parseHuman(lines.get(key)), labels }))
}

function readMember(source: Source, uuid: string, name: string): Sample[] {
  const path = `fs/bcache/${uuid}/${name}`
  if (/^cache\d+$/.test(name)) return readRows(source, path, ofCacheDevice, [uuid, name])
  if (!/^bdev\d+$/.test(name)) return []
  return readRows(source, path, ofBackingDevice, [uuid, name]).concat(readWriteback(source, path, [uuid, name]))
}

function readSet(source: Source, uuid: string): Sample[] {
  const path = `fs/bcache/${uuid}`
  const members = source.sysList(path).flatMap((name) => readMember(source, uuid, name))
  return readRows(source, path, ofSet, [uuid]).concat(members)
}

/** Caches of disks by faster disks (bcache). */
export function createBcache(source: Source): Collector<Sample[]> {
  return {
    name: 'bcache',
    read: () =>
      source.sysList('fs/bcache').flatMap((name) => (/^[0-9a-f]{8}-/.test(name) ? readSet(source, name) : [])),
    write(samples, out) {
      for (const { metric, value, labels } of samples) out.set(metric, value, ...labels)
    },
  }
}
