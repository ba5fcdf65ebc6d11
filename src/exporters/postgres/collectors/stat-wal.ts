import { UnavailableError } from '../../../errors.ts'
import { counter, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { num } from '../row.ts'

interface Column {
  readonly expression: string
  readonly metric: Metric
  readonly until: number
}

const column = (expression: string, name: string, help: string, until = 999): Column => ({
  expression,
  metric: counter(`pg_stat_wal_${name}_total`, help),
  until,
})

/** 18 moved the write and sync columns to pg_stat_io, where object is `wal`. */
const columns: readonly Column[] = [
  column('wal_records', 'records', 'WAL records generated.'),
  column('wal_fpi', 'full_page_images', 'WAL full page images generated.'),
  column('wal_bytes', 'bytes', 'Amount of WAL generated, in bytes.'),
  column('wal_buffers_full', 'buffers_full', 'Times WAL was written because the WAL buffers were full.'),
  column('wal_write', 'writes', 'Times WAL buffers were written to disk by request.', 17),
  column('wal_sync', 'syncs', 'Times WAL files were synced to disk by request.', 17),
  column('wal_write_time / 1000', 'write_seconds', 'Time spent writing WAL buffers, if track_wal_io_timing is on.', 17),
  column('wal_sync_time / 1000', 'sync_seconds', 'Time spent syncing WAL files, if track_wal_io_timing is on.', 17),
]

const columnsOf = (version: number): readonly Column[] => columns.filter(({ until }) => version < (until + 1) * 10_000)

function sql(version: number): string {
  if (version < 140_000) throw new UnavailableError('pg_stat_wal exists since PostgreSQL 14')
  return `select ${columnsOf(version)
    .map(({ expression }) => expression)
    .join(', ')} from pg_stat_wal`
}

export const metrics = Object.fromEntries(columns.map(({ metric }) => [metric.name, metric]))

interface Reading {
  readonly known: readonly Column[]
  readonly row: Row | undefined
}

/** WAL activity since the last reset of its statistics. */
export function createStatWal(db: Connections): Collector<Reading> {
  return {
    name: 'stat_wal',
    async read(signal) {
      const [rows, { version }] = await Promise.all([db.query(sql, signal), db.main(signal)])
      return { known: columnsOf(version), row: rows[0] }
    },
    write({ known, row }, out) {
      known.forEach(({ metric }, i) => out.set(metric, num(row?.[i])))
    },
  }
}
