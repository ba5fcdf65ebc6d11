import { counter, gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute, per } from '../sysfs.ts'

/** File in the drive's statistics, its family, and what to divide its number by. */
export const metrics: readonly (readonly [string, Metric, number])[] = [
  ['in_flight', gauge('node_tape_io_now', 'The number of I/Os currently outstanding to this device.', 'device'), 1],
  [
    'io_ns',
    counter(
      'node_tape_io_time_seconds_total',
      'The amount of time spent waiting for all I/O to complete (including read and write). This includes tape movement commands such as seeking between file or set marks and implicit tape movement such as when rewind on close tape devices are used.',
      'device',
    ),
    1e9,
  ],
  [
    'other_cnt',
    counter(
      'node_tape_io_others_total',
      'The number of I/Os issued to the tape drive other than read or write commands. The time taken to complete these commands uses the following calculation io_time_seconds_total-read_time_seconds_total-write_time_seconds_total',
      'device',
    ),
    1,
  ],
  [
    'read_byte_cnt',
    counter('node_tape_read_bytes_total', 'The number of bytes read from the tape drive.', 'device'),
    1,
  ],
  [
    'read_cnt',
    counter('node_tape_reads_completed_total', 'The number of read requests issued to the tape drive.', 'device'),
    1,
  ],
  [
    'read_ns',
    counter(
      'node_tape_read_time_seconds_total',
      'The amount of time spent waiting for read requests to complete.',
      'device',
    ),
    1e9,
  ],
  [
    'resid_cnt',
    counter(
      'node_tape_residual_total',
      'The number of times during a read or write we found the residual amount to be non-zero. This should mean that a program is issuing a read larger thean the block size on tape. For write not all data made it to tape.',
      'device',
    ),
    1,
  ],
  [
    'write_byte_cnt',
    counter('node_tape_written_bytes_total', 'The number of bytes written to the tape drive.', 'device'),
    1,
  ],
  [
    'write_cnt',
    counter('node_tape_writes_completed_total', 'The number of write requests issued to the tape drive.', 'device'),
    1,
  ],
  [
    'write_ns',
    counter(
      'node_tape_write_time_seconds_total',
      'The amount of time spent waiting for write requests to complete.',
      'device',
    ),
    1e9,
  ],
]

export interface TapeDrive {
  readonly device: string
  /** In the order of `metrics`. */
  readonly values: readonly (number | undefined)[]
}

function readDrive(source: Source, device: string): TapeDrive {
  const path = `class/scsi_tape/${device}/stats`
  return {
    device,
    values: metrics.map(([file, , divisor]) => per(numberAttribute(source, `${path}/${file}`), divisor)),
  }
}

/** SCSI tape drives. */
export function createTapestats(source: Source): Collector<TapeDrive[]> {
  return {
    name: 'tapestats',
    // Each drive also has devices for its other modes: nst0, st0a, …
    read: () =>
      devices(source, 'class/scsi_tape')
        .filter((name) => /^st\d+$/.test(name))
        .map((device) => readDrive(source, device)),
    write(reading, out) {
      for (const { device, values } of reading) {
        for (const [index, [, metric]] of metrics.entries()) out.set(metric, values[index], device)
      }
    },
  }
}
