import { counter, gauge, type Exposition, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter } from '../lib/filter.ts'
import { count, eachLine, number, words } from '../lib/text.ts'
import { createUdev, type UdevFacts } from '../lib/udev.ts'
import type { Source } from '../source.ts'

/** Turns what /proc/diskstats counts into the unit of the series. */
type Scale = (value: number) => number
const plain: Scale = (value) => value
const sectors: Scale = (value) => value * 512
const milliseconds: Scale = (value) => value / 1000

const by = 'device'
const total = (name: string, help: string, scale = plain): readonly [Metric, Scale] => [
  counter(`node_disk_${name}_total`, help, by),
  scale,
]

/** In the order of the columns of /proc/diskstats. */
const columns: readonly (readonly [Metric, Scale])[] = [
  total('reads_completed', 'The total number of reads completed successfully.'),
  total('reads_merged', 'The total number of reads merged.'),
  total('read_bytes', 'The total number of bytes read successfully.', sectors),
  total('read_time_seconds', 'The total number of seconds spent by all reads.', milliseconds),
  total('writes_completed', 'The total number of writes completed successfully.'),
  total('writes_merged', 'The number of writes merged.'),
  total('written_bytes', 'The total number of bytes written successfully.', sectors),
  total('write_time_seconds', 'This is the total number of seconds spent by all writes.', milliseconds),
  [gauge('node_disk_io_now', 'The number of I/Os currently in progress.', by), plain],
  total('io_time_seconds', 'Total seconds spent doing I/Os.', milliseconds),
  total('io_time_weighted_seconds', 'The weighted # of seconds spent doing I/Os.', milliseconds),
  total('discards_completed', 'The total number of discards completed successfully.'),
  total('discards_merged', 'The total number of discards merged.'),
  total('discarded_sectors', 'The total number of sectors discarded successfully.'),
  total('discard_time_seconds', 'This is the total number of seconds spent by all discards.', milliseconds),
  total('flush_requests', 'The total number of flush requests completed successfully'),
  total(
    'flush_requests_time_seconds',
    'This is the total number of seconds spent by all flush requests.',
    milliseconds,
  ),
]

const labels = [by, 'major', 'minor', 'model', 'path', 'revision', 'serial', 'wwn']
const filesystemLabels = [by, 'type', 'usage', 'uuid', 'version']
const mapperLabels = [by, 'lv_layer', 'lv_name', 'name', 'uuid', 'vg_name']

export const metrics = {
  columns: columns.map(([metric]) => metric),
  info: gauge('node_disk_info', 'Info of /sys/block/<block_device>.', ...labels),
  filesystem: gauge('node_disk_filesystem_info', 'Info about disk filesystem.', ...filesystemLabels),
  mapper: gauge('node_disk_device_mapper_info', 'Info about disk device mapper.', ...mapperLabels),
  writeCache: gauge('node_disk_ata_write_cache', 'ATA disk has a write cache.', by),
  writeCacheEnabled: gauge('node_disk_ata_write_cache_enabled', 'ATA disk has its write cache enabled.', by),
  rotationRate: gauge('node_disk_ata_rotation_rate_rpm', 'ATA disk rotation rate in RPMs (0 for SSDs).', by),
}

/** One disk since it appeared. */
export interface DiskCounters {
  readonly device: string
  readonly major: string
  readonly minor: string
  /**
   * In this order: reads, reads merged, bytes read, seconds reading; the same of writes; I/Os in flight, seconds busy, weighted
   * seconds; discards, discards merged, sectors discarded, seconds discarding; flushes, seconds flushing. Old kernels give fewer.
   */
  readonly values: readonly (number | undefined)[]
}

export interface Disk extends DiskCounters {
  readonly facts: UdevFacts
}

export function parseDiskCounters(text: string): DiskCounters[] {
  const disks: DiskCounters[] = []
  eachLine(text, (start, end) => {
    const [major = '', minor = '', device, ...counts] = words(text, start, end)
    if (device === undefined) return
    const values = columns.map(([, scale], i) => {
      const value = count(counts[i])
      return value === undefined ? undefined : scale(value)
    })
    disks.push({ device, major, minor, values })
  })
  return disks
}

/** What udev knows of a disk: what it is, what it carries, how the device mapper and ATA describe it. */
function writeFacts({ device, major, minor, facts }: Disk, out: Exposition): void {
  const fact = (key: string): string => facts.get(key) ?? ''
  const serial = fact('SCSI_IDENT_SERIAL') || fact('ID_SERIAL_SHORT')
  const [model, path, revision, wwn] = [fact('ID_MODEL'), fact('ID_PATH'), fact('ID_REVISION'), fact('ID_WWN')]
  out.set(metrics.info, 1, device, major, minor, model, path, revision, serial, wwn)
  if (facts.size === 0) return
  const [type, usage, uuid, version] = ['TYPE', 'USAGE', 'UUID', 'VERSION'].map((key) => fact(`ID_FS_${key}`)) as Four
  if (type !== '') out.set(metrics.filesystem, 1, device, type, usage, uuid, version)
  const name = fact('DM_NAME')
  const [layer, logical, volume] = [fact('DM_LV_LAYER'), fact('DM_LV_NAME'), fact('DM_VG_NAME')]
  if (name !== '') out.set(metrics.mapper, 1, device, layer, logical, name, fact('DM_UUID'), volume)
  if (fact('ID_ATA') === '') return
  out.set(metrics.writeCache, number(facts.get('ID_ATA_WRITE_CACHE')), device)
  out.set(metrics.writeCacheEnabled, number(facts.get('ID_ATA_WRITE_CACHE_ENABLED')), device)
  out.set(metrics.rotationRate, number(facts.get('ID_ATA_ROTATION_RATE_RPM')), device)
}

type Four = [string, string, string, string]

export function createDiskstats(source: Source, config: HostConfig): Collector<Disk[]> {
  const wanted = createFilter(config.disk_exclude, config.disk_include)
  const udev = createUdev(source.roots.root, config.udev_path)
  return {
    name: 'diskstats',
    read: () =>
      parseDiskCounters(source.proc('diskstats'))
        .filter(({ device }) => wanted(device))
        .map((disk) => Object.assign(disk, { facts: udev(`b${disk.major}:${disk.minor}`) })),
    write(reading, out) {
      for (const disk of reading) {
        columns.forEach(([metric], i) => out.set(metric, disk.values[i], disk.device))
        writeFacts(disk, out)
      }
    },
  }
}
