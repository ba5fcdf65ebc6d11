import { counter, gauge, untyped, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { label, num } from '../row.ts'

type Make = (name: string, help: string, ...labels: string[]) => Metric

const make = (kind: Make, column: string, help: string): Metric =>
  kind(`pg_stat_database_${column}`, help, 'datid', 'datname')

interface Column {
  readonly expression: string
  readonly metric: Metric
  readonly since: number
  /** From milliseconds to seconds, where the name says so. */
  readonly scale?: number
}

const column = (kind: Make, name: string, help: string, since = 13): Column => ({
  expression: name,
  metric: make(kind, name, help),
  since,
})

/** A point in time as seconds since the epoch; its type is the one that boards know. */
const moment = (kind: Make, name: string, help: string): Column => ({
  ...column(kind, name, help),
  expression: `extract(epoch from ${name})::float8`,
})

/** Types as postgres_exporter has them, untyped ones included; the *_total twins are for those who want a counter. */
export const columns: readonly Column[] = [
  column(gauge, 'numbackends', 'Number of backends currently connected to this database.'),
  column(counter, 'xact_commit', 'Number of transactions in this database that have been committed'),
  column(counter, 'xact_rollback', 'Number of transactions in this database that have been rolled back'),
  column(counter, 'blks_read', 'Number of disk blocks read in this database'),
  column(counter, 'blks_hit', 'Number of times disk blocks were found already in the buffer cache'),
  column(counter, 'tup_returned', 'Number of rows returned by queries in this database'),
  column(counter, 'tup_fetched', 'Number of rows fetched by queries in this database'),
  column(counter, 'tup_inserted', 'Number of rows inserted by queries in this database'),
  column(counter, 'tup_updated', 'Number of rows updated by queries in this database'),
  column(counter, 'tup_deleted', 'Number of rows deleted by queries in this database'),
  column(counter, 'conflicts', 'Number of queries canceled due to conflicts with recovery in this database.'),
  column(counter, 'temp_files', 'Number of temporary files created by queries in this database.'),
  column(counter, 'temp_bytes', 'Total amount of data written to temporary files by queries in this database.'),
  column(counter, 'deadlocks', 'Number of deadlocks detected in this database'),
  column(counter, 'blk_read_time', 'Time spent reading data file blocks by backends in this database, in milliseconds'),
  column(
    counter,
    'blk_write_time',
    'Time spent writing data file blocks by backends in this database, in milliseconds',
  ),
  moment(counter, 'stats_reset', 'Time at which these statistics were last reset'),
  column(untyped, 'checksum_failures', 'Data page checksum failures detected in this database'),
  moment(untyped, 'checksum_last_failure', 'Time at which the last checksum failure was detected'),
  column(untyped, 'session_time', 'Time spent by sessions in this database, in milliseconds', 14),
  column(untyped, 'active_time', 'Time spent executing statements in this database, in milliseconds', 14),
  column(untyped, 'idle_in_transaction_time', 'Time spent idle in a transaction in this database, in milliseconds', 14),
  column(untyped, 'sessions', 'Number of sessions established to this database', 14),
  column(untyped, 'sessions_abandoned', 'Number of sessions ended because the client was lost', 14),
  column(untyped, 'sessions_fatal', 'Number of sessions ended by fatal errors', 14),
  column(untyped, 'sessions_killed', 'Number of sessions ended by operator intervention', 14),
  {
    expression: 'active_time',
    metric: make(
      counter,
      'active_time_seconds_total',
      'Time spent executing SQL statements in this database, in seconds',
    ),
    since: 14,
    scale: 1000,
  },
  column(counter, 'parallel_workers_to_launch', 'Number of parallel workers planned for queries on this database', 18),
  column(counter, 'parallel_workers_launched', 'Number of parallel workers launched by queries on this database', 18),
]

export const metrics = Object.fromEntries(columns.map(({ metric }) => [metric.name, metric]))

export interface DatabaseStatistics {
  readonly oid: string
  /** Empty for the objects that all databases share. */
  readonly name: string
  /** In the order of `columns`; those that this version lacks are left out there too. */
  readonly values: readonly (number | undefined)[]
}

export const columnsOf = (version: number): readonly Column[] =>
  columns.filter(({ since }) => version >= since * 10_000)

const sql = (version: number): string =>
  `select datid, datname, ${columnsOf(version)
    .map(({ expression }) => expression)
    .join(', ')} from pg_stat_database`

export function parseStatDatabase(row: Row, known: readonly Column[]): DatabaseStatistics {
  return {
    oid: label(row[0]),
    name: label(row[1]),
    values: known.map(({ scale = 1 }, i) => {
      const value = num(row[i + 2])
      return value === undefined ? undefined : value / scale
    }),
  }
}

interface Reading {
  readonly known: readonly Column[]
  readonly databases: readonly DatabaseStatistics[]
}

export function createStatDatabase(db: Connections): Collector<Reading> {
  return {
    name: 'stat_database',
    async read(signal) {
      const [rows, { version }] = await Promise.all([db.query(sql, signal), db.main(signal)])
      const known = columnsOf(version)
      return { known, databases: rows.map((row) => parseStatDatabase(row, known)) }
    },
    write({ known, databases }, out) {
      known.forEach(({ metric }, i) => {
        for (const { oid, name, values } of databases) out.set(metric, values[i], oid, name)
      })
    },
  }
}
