import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections } from '../connection.ts'
import { num } from '../row.ts'

export const metrics = {
  bytes: gauge(
    'pg_xlog_location_bytes',
    'Postgres LSN (log sequence number) being generated on primary or replayed on replica (truncated to low 52 bits)',
  ),
}

const sql = `select ((case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end) - '0/0')
  % (2::numeric ^ 52)::int8`

export function createXlogLocation(db: Connections): Collector<number | undefined> {
  return {
    name: 'xlog_location',
    read: async (signal) => num((await db.query(sql, signal))[0]?.[0]),
    write: (bytes, out) => out.set(metrics.bytes, bytes),
  }
}
