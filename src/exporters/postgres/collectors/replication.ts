import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { flag, num } from '../row.ts'

const lagHelp = 'Replication lag behind master in seconds'

export const metrics = {
  /** Both spellings: rules still ask for the first, which the exporter they were written for no longer has. */
  lagOld: gauge('pg_replication_lag', lagHelp),
  lag: gauge('pg_replication_lag_seconds', lagHelp),
  isReplica: gauge('pg_replication_is_replica', 'Indicates if the server is a replica'),
  lastReplay: gauge('pg_replication_last_replay_seconds', 'Age of last replay in seconds'),
  unreplayed: gauge(
    'pg_replication_replay_lag_bytes',
    'WAL that this replica has received but not replayed, in bytes; absent on a primary.',
  ),
}

// A replica that has replayed all it received has no lag, however long ago the last transaction was.
const sql = `select case when not pg_is_in_recovery() then 0
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else greatest(0, extract(epoch from now() - pg_last_xact_replay_timestamp())) end::float8,
  pg_is_in_recovery(),
  greatest(0, extract(epoch from now() - pg_last_xact_replay_timestamp()))::float8,
  pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())`

export interface Replication {
  readonly lag: number | undefined
  readonly isReplica: number | undefined
  readonly lastReplay: number | undefined
  readonly unreplayed: number | undefined
}

export const parseReplication = (row: Row | undefined): Replication => ({
  lag: num(row?.[0]),
  isReplica: flag(row?.[1]),
  lastReplay: num(row?.[2]),
  unreplayed: row?.[1] === 't' ? num(row[3]) : undefined,
})

export function createReplication(db: Connections): Collector<Replication> {
  return {
    name: 'replication',
    read: async (signal) => parseReplication((await db.query(sql, signal))[0]),
    write(reading, out) {
      out.set(metrics.lagOld, reading.lag)
      out.set(metrics.lag, reading.lag)
      out.set(metrics.isReplica, reading.isReplica)
      out.set(metrics.lastReplay, reading.lastReplay)
      out.set(metrics.unreplayed, reading.unreplayed)
    },
  }
}
