import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { num } from '../row.ts'

export const metrics = {
  segments: gauge('pg_wal_segments', 'Number of WAL segments'),
  size: gauge('pg_wal_size_bytes', 'Total size of WAL segments'),
  position: counter('pg_wal_position_bytes_total', 'WAL written on a primary or replayed on a replica, in bytes.'),
}

const sql = `select count(*), coalesce(sum(size), 0),
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end) - '0/0'
from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'`

export interface Wal {
  readonly segments: number | undefined
  readonly bytes: number | undefined
  readonly position: number | undefined
}

export const parseWal = (row: Row | undefined): Wal => ({
  segments: num(row?.[0]),
  bytes: num(row?.[1]),
  position: num(row?.[2]),
})

/** The write-ahead log on disk. */
export function createWal(db: Connections): Collector<Wal> {
  return {
    name: 'wal',
    read: async (signal) => parseWal((await db.query(sql, signal))[0]),
    write(reading, out) {
      out.set(metrics.segments, reading.segments)
      out.set(metrics.size, reading.bytes)
      out.set(metrics.position, reading.position)
    },
  }
}
