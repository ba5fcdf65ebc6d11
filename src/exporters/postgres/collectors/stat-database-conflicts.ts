import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { label, num } from '../row.ts'

const conflict = (kind: string, help: string) =>
  counter(`pg_stat_database_conflicts_confl_${kind}`, help, 'datid', 'datname')

const because = (reason: string): string =>
  `Number of queries in this database that have been canceled due to ${reason}`

/** In the order of the statement's columns. */
export const metrics = {
  tablespace: conflict('tablespace', because('dropped tablespaces')),
  lock: conflict('lock', because('lock timeouts')),
  snapshot: conflict('snapshot', because('old snapshots')),
  bufferpin: conflict('bufferpin', because('pinned buffers')),
  deadlock: conflict('deadlock', because('deadlocks')),
  active_logicalslot: conflict('active_logicalslot', because('old snapshots or a low wal_level on the primary')),
}

const sql = (version: number): string => `select datid, datname, confl_tablespace, confl_lock, confl_snapshot,
  confl_bufferpin, confl_deadlock${version >= 160_000 ? ', confl_active_logicalslot' : ''} from pg_stat_database_conflicts`

/** Statements cancelled on a standby by what it replays, per database. */
export function createStatDatabaseConflicts(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'stat_database_conflicts',
    read: (signal) => db.query(sql, signal),
    write(rows, out) {
      Object.values(metrics).forEach((metric, i) => {
        for (const row of rows) out.set(metric, num(row[i + 2]), label(row[0]), label(row[1]))
      })
    },
  }
}
