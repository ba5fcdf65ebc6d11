import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { num } from '../row.ts'

export const metrics = {
  archived: counter('pg_stat_archiver_archived_count', 'Number of WAL files that have been successfully archived'),
  failed: counter('pg_stat_archiver_failed_count', 'Number of failed attempts for archiving WAL files'),
  age: gauge('pg_stat_archiver_last_archive_age', 'Time in seconds since last WAL segment was successfully archived'),
  lastFailure: gauge(
    'pg_stat_archiver_last_failed_timestamp_seconds',
    'Time of the last failed attempt to archive a WAL file.',
  ),
}

const sql = `select archived_count, failed_count, extract(epoch from now() - last_archived_time)::float8,
  extract(epoch from last_failed_time)::float8 from pg_stat_archiver`

export interface Archiver {
  readonly archived: number | undefined
  readonly failed: number | undefined
  /** Unknown as long as nothing has been archived. */
  readonly age: number | undefined
  readonly lastFailure: number | undefined
}

export const parseArchiver = (row: Row | undefined): Archiver => ({
  archived: num(row?.[0]),
  failed: num(row?.[1]),
  age: num(row?.[2]),
  lastFailure: num(row?.[3]),
})

export function createStatArchiver(db: Connections): Collector<Archiver> {
  return {
    name: 'stat_archiver',
    read: async (signal) => parseArchiver((await db.query(sql, signal))[0]),
    write(reading, out) {
      out.set(metrics.archived, reading.archived)
      out.set(metrics.failed, reading.failed)
      out.set(metrics.age, reading.age)
      out.set(metrics.lastFailure, reading.lastFailure)
    },
  }
}
