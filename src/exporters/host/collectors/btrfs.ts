import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { numberAttribute, per, times, toNumber } from '../sysfs.ts'

const layout = ['uuid', 'block_group_type', 'mode']

export const metrics = {
  info: gauge('node_btrfs_info', 'Filesystem information', 'uuid', 'label'),
  reserve: gauge('node_btrfs_global_rsv_size_bytes', 'Size of global reserve.', 'uuid'),
  reserved: gauge('node_btrfs_reserved_bytes', 'Amount of space reserved for a data type', 'uuid', 'block_group_type'),
  used: gauge('node_btrfs_used_bytes', 'Amount of used space by a layout/data type', ...layout),
  size: gauge('node_btrfs_size_bytes', 'Amount of space allocated for a layout/data type', ...layout),
  ratio: gauge('node_btrfs_allocation_ratio', 'Data allocation ratio for a layout/data type', ...layout),
  deviceSize: gauge(
    'node_btrfs_device_size_bytes',
    'Size of a device that is part of the filesystem.',
    'uuid',
    'device',
  ),
  commits: counter('node_btrfs_commits_total', 'The total number of commits that have occurred.', 'uuid'),
  lastCommit: gauge('node_btrfs_last_commit_seconds', 'Duration of the most recent commit, in seconds.', 'uuid'),
  maxCommit: gauge('node_btrfs_max_commit_seconds', 'Duration of the slowest commit, in seconds.', 'uuid'),
  commitTime: counter('node_btrfs_commit_seconds_total', 'Sum of the duration of all commits, in seconds.', 'uuid'),
}

/** Bytes on disk per byte stored. With parity it depends on the number of devices. */
export function allocationRatio(mode: string, deviceCount: number): number | undefined {
  const copies: Readonly<Record<string, number>> = {
    single: 1,
    raid0: 1,
    dup: 2,
    raid1: 2,
    raid10: 2,
    raid1c3: 3,
    raid1c4: 4,
  }
  if (mode === 'raid5' && deviceCount > 1) return deviceCount / (deviceCount - 1)
  if (mode === 'raid6' && deviceCount > 2) return deviceCount / (deviceCount - 2)
  return copies[mode]
}

interface Layout {
  readonly mode: string
  readonly used: number | undefined
  readonly size: number | undefined
  readonly ratio: number | undefined
}

export interface BtrfsFilesystem {
  readonly uuid: string
  readonly label: string
  readonly reserve: number | undefined
  readonly devices: readonly { readonly device: string; readonly size: number | undefined }[]
  readonly types: readonly {
    readonly type: string
    readonly reserved: number | undefined
    readonly layouts: readonly Layout[]
  }[]
  /** By name, since kernel 6.0; times in ms. */
  readonly commits: ReadonlyMap<string, number | undefined>
}

function readLayouts(source: Source, path: string, deviceCount: number): Layout[] {
  return source
    .sysList(path)
    .filter((mode) => allocationRatio(mode, deviceCount) !== undefined)
    .map((mode) => ({
      mode,
      used: numberAttribute(source, `${path}/${mode}/used_bytes`),
      size: numberAttribute(source, `${path}/${mode}/total_bytes`),
      ratio: allocationRatio(mode, deviceCount),
    }))
}

function readCommits(source: Source, path: string): ReadonlyMap<string, number | undefined> {
  const lines = (source.attribute(path) ?? '').split('\n').map((line) => line.split(/\s+/))
  return new Map(lines.map(([name = '', value]) => [name, toNumber(value)]))
}

function readFilesystem(source: Source, dir: string): BtrfsFilesystem {
  const path = `fs/btrfs/${dir}`
  const devices = source.sysList(`${path}/devices`)
  return {
    uuid: source.attribute(`${path}/metadata_uuid`) || dir,
    label: source.attribute(`${path}/label`) ?? '',
    reserve: numberAttribute(source, `${path}/allocation/global_rsv_size`),
    devices: devices.map((device) => ({
      device,
      size: times(numberAttribute(source, `${path}/devices/${device}/size`), 512),
    })),
    types: ['data', 'metadata', 'system'].map((type) => ({
      type,
      reserved: numberAttribute(source, `${path}/allocation/${type}/bytes_reserved`),
      layouts: readLayouts(source, `${path}/allocation/${type}`, devices.length),
    })),
    commits: readCommits(source, `${path}/commit_stats`),
  }
}

/** Btrfs: space by kind of data and layout. Errors of its devices need a privileged call and are left out. */
export function createBtrfs(source: Source): Collector<BtrfsFilesystem[]> {
  return {
    name: 'btrfs',
    read: () =>
      source
        .sysList('fs/btrfs')
        .filter((dir) => /^[0-9a-f]{8}-/.test(dir))
        .map((dir) => readFilesystem(source, dir)),
    write(reading, out) {
      for (const { uuid, label, reserve, devices, types, commits } of reading) {
        out.set(metrics.info, 1, uuid, label)
        out.set(metrics.reserve, reserve, uuid)
        for (const { device, size } of devices) out.set(metrics.deviceSize, size, uuid, device)
        for (const { type, reserved, layouts } of types) {
          out.set(metrics.reserved, reserved, uuid, type)
          for (const { mode, used, size, ratio } of layouts) {
            out.set(metrics.used, used, uuid, type, mode)
            out.set(metrics.size, size, uuid, type, mode)
            out.set(metrics.ratio, ratio, uuid, type, mode)
          }
        }
        out.set(metrics.commits, commits.get('commits'), uuid)
        out.set(metrics.lastCommit, per(commits.get('last_commit_ms'), 1000), uuid)
        out.set(metrics.maxCommit, per(commits.get('max_commit_ms'), 1000), uuid)
        out.set(metrics.commitTime, per(commits.get('total_commit_ms'), 1000), uuid)
      }
    },
  }
}
