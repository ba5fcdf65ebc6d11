import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { readDatabases, type Database } from '../databases-list.ts'

export const metrics = {
  count: gauge('pg_locks_count', 'Number of locks', 'datname', 'mode'),
  waiting: gauge('pg_locks_waiting', 'Number of locks on relations that are waited for.', 'datname'),
}

const modes = [
  'accesssharelock',
  'rowsharelock',
  'rowexclusivelock',
  'shareupdateexclusivelock',
  'sharelock',
  'sharerowexclusivelock',
  'exclusivelock',
  'accessexclusivelock',
  'sireadlock',
]

const sql = `select database, lower(mode), count(*), count(*) filter (where not granted)
from pg_locks where database is not null group by 1, 2`

export interface DatabaseLocks {
  readonly database: string
  /** Locks by lower-case mode; a mode without locks is absent. */
  readonly counts: ReadonlyMap<string, number>
  readonly waiting: number
}

export function parseLocks(databases: readonly Database[], rows: readonly Row[]): DatabaseLocks[] {
  const found = new Map(databases.map(({ oid }) => [oid, { counts: new Map<string, number>(), waiting: 0 }]))
  for (const [oid, mode, count, waiting] of rows) {
    const locks = found.get(oid ?? '')
    if (locks === undefined) continue
    locks.counts.set(mode ?? '', Number(count))
    locks.waiting += Number(waiting)
  }
  return databases.map(({ oid, name }) => ({ database: name, counts: new Map(), waiting: 0, ...found.get(oid) }))
}

/** Locks per database and mode. Every database and every mode has a series: nothing held is a true zero. */
export function createLocks(db: Connections): Collector<DatabaseLocks[]> {
  return {
    name: 'locks',
    async read(signal) {
      const [databases, rows] = await Promise.all([readDatabases(db, signal), db.query(sql, signal)])
      return parseLocks(databases, rows)
    },
    write(reading, out) {
      for (const { database, counts, waiting } of reading) {
        for (const mode of modes) out.set(metrics.count, counts.get(mode) ?? 0, database, mode)
        out.set(metrics.waiting, waiting, database)
      }
    },
  }
}
