import { UnavailableError } from '../../../errors.ts'
import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { label, num } from '../row.ts'

const io = (name: string, help: string) =>
  counter(`pg_stat_io_${name}_total`, help, 'backend_type', 'object', 'context')

/** In the order of the statement's columns. */
export const metrics = {
  reads: io('reads', 'Read operations.'),
  readBytes: io('read_bytes', 'Bytes read.'),
  readSeconds: io('read_seconds', 'Time spent reading, if track_io_timing is on.'),
  writes: io('writes', 'Write operations.'),
  writeBytes: io('write_bytes', 'Bytes written.'),
  writeSeconds: io('write_seconds', 'Time spent writing, if track_io_timing is on.'),
  writebacks: io('writebacks', 'Blocks that the kernel was asked to write out.'),
  extends: io('extends', 'Relation extend operations.'),
  extendBytes: io('extend_bytes', 'Bytes by which relations were extended.'),
  hits: io('hits', 'Times a block was found in shared buffers.'),
  evictions: io('evictions', 'Times a block was evicted to make room for another.'),
  reuses: io('reuses', 'Times a buffer of a ring outside the shared pool was reused.'),
  fsyncs: io('fsyncs', 'fsync calls.'),
  fsyncSeconds: io('fsync_seconds', 'Time spent in fsync, if track_io_timing is on.'),
}

/** 18 counts bytes itself; 16 and 17 give the size of an operation. */
const bytes = (version: number, operation: string): string =>
  version >= 180_000 ? `${operation}_bytes` : `${operation}s * op_bytes`

function sql(version: number): string {
  if (version < 160_000) throw new UnavailableError('pg_stat_io exists since PostgreSQL 16')
  return `select backend_type, object, context, reads, ${bytes(version, 'read')},
  read_time / 1000, writes, ${bytes(version, 'write')}, write_time / 1000, writebacks, extends, ${bytes(version, 'extend')},
  hits, evictions, reuses, fsyncs, fsync_time / 1000 from pg_stat_io
where coalesce(reads, 0) + coalesce(writes, 0) + coalesce(extends, 0) + coalesce(hits, 0) + coalesce(fsyncs, 0)
  + coalesce(evictions, 0) + coalesce(writebacks, 0) + coalesce(reuses, 0) > 0`
}

/** I/O by kind of process, object and context. Combinations that have done nothing yet, most of them, have no series. */
export function createStatIo(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'stat_io',
    read: (signal) => db.query(sql, signal),
    write(rows, out) {
      Object.values(metrics).forEach((metric, i) => {
        for (const row of rows) out.set(metric, num(row[i + 3]), label(row[0]), label(row[1]), label(row[2]))
      })
    },
  }
}
