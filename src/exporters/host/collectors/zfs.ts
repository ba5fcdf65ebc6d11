import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../../errors.ts'
import { gauge, metricsByKey, untyped, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  poolState: gauge('node_zfs_zpool_state', 'kstat.zfs.misc.state', 'zpool', 'state'),
}

/** Part of the metric's name, by file under /proc/spl/kstat/zfs. */
const modules: Readonly<Record<string, string>> = {
  abdstats: 'zfs_abd',
  arcstats: 'zfs_arc',
  dbuf_stats: 'zfs_dbuf',
  dmu_tx: 'zfs_dmu_tx',
  dnodestats: 'zfs_dnode',
  fm: 'zfs_fm',
  vdev_cache_stats: 'zfs_vdev_cache',
  vdev_mirror_stats: 'zfs_vdev_mirror',
  xuio_stats: 'zfs_xuio',
  zfetchstats: 'zfs_zfetch',
  zil: 'zfs_zil',
}

/** A family by `<prefix> <file> <field> <labels…>`, each made once. */
const families = metricsByKey((key) => {
  const [prefix = '', file = '', field = '', ...labels] = key.split(' ')
  return untyped(`node_${prefix}_${field.replaceAll('-', '_')}`, `kstat.zfs.misc.${file}.${field}`, ...labels)
})

const poolStates = ['online', 'degraded', 'faulted', 'offline', 'removed', 'unavail', 'suspended']

interface Sample {
  readonly metric: Metric
  readonly labels: readonly string[]
  readonly value: number
}

export interface Zfs {
  readonly samples: readonly Sample[]
  readonly pools: readonly { readonly pool: string; readonly state: string }[]
}

/** Unsigned 64-bit fields of a kstat (`name type data`, type 4), and the data set it is of, where it is of one. */
export function parseKstat(text: string): { fields: [string, number][]; dataset: string | undefined } {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  const dataset = rows.find(([name]) => name === 'dataset_name')?.[2]
  const fields = rows.flatMap(([name = '', type, data]): [string, number][] =>
    type === '4' && data !== undefined ? [[name, Number(data)]] : [],
  )
  return { fields, dataset }
}

/** A pool's `io`: a row of names (after a row for the kernel), a row of values. */
export function parsePoolIo(text: string): [string, number][] {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const at = rows.findIndex(([first]) => first === 'nread')
  const values = rows[at + 1] ?? []
  return at < 0 ? [] : (rows[at] ?? []).map((name, index) => [name, Number(values[index])])
}

function readPool(root: string, pool: string): Sample[] {
  return readdirSync(join(root, pool)).flatMap((file): Sample[] => {
    const read = (): string => readFileSync(join(root, pool, file), 'utf8')
    if (file === 'io') {
      return parsePoolIo(read()).map(([field, value]) => ({
        metric: families(`zfs_zpool io ${field} zpool`),
        labels: [pool],
        value,
      }))
    }
    if (!file.startsWith('objset-')) return []
    const { fields, dataset = '' } = parseKstat(read())
    return fields.map(([field, value]) => ({
      metric: families(`zfs_zpool_dataset objset ${field} zpool dataset`),
      labels: [pool, dataset],
      value,
    }))
  })
}

function readModule(root: string, file: string): Sample[] {
  const path = join(root, file)
  if (!existsSync(path)) return []
  const { fields } = parseKstat(readFileSync(path, 'utf8'))
  return fields.map(([field, value]) => ({ metric: families(`${modules[file]} ${file} ${field}`), labels: [], value }))
}

/** ZFS: cache, transactions, pools and data sets. */
export function createZfs(source: Source): Collector<Zfs> {
  const root = join(source.roots.proc, 'spl/kstat/zfs')
  return {
    name: 'zfs',
    read() {
      if (!existsSync(root)) throw new UnavailableError('the ZFS module is not loaded')
      const pools = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      const states = pools.filter(({ name }) => existsSync(join(root, name, 'state')))
      return {
        samples: [
          ...Object.keys(modules).flatMap((file) => readModule(root, file)),
          ...pools.flatMap(({ name }) => readPool(root, name)),
        ],
        pools: states.map(({ name }) => ({
          pool: name,
          state: readFileSync(join(root, name, 'state'), 'utf8')
            .trim()
            .toLowerCase(),
        })),
      }
    },
    write({ samples, pools }, out) {
      for (const { metric, labels, value } of samples) out.set(metric, value, ...labels)
      for (const { pool, state } of pools) {
        for (const name of poolStates) out.set(metrics.poolState, name === state ? 1 : 0, pool, name)
      }
    },
  }
}
