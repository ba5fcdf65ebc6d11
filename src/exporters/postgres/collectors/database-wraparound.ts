import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections } from '../connection.ts'
import { readDatabases, type Database } from '../databases-list.ts'

/** The names end in `_seconds` for the boards' sake; the values are ages in transactions. */
export const metrics = {
  xid: gauge(
    'pg_database_wraparound_age_datfrozenxid_seconds',
    'Age of the oldest transaction ID that has not been frozen.',
    'datname',
  ),
  mxid: gauge(
    'pg_database_wraparound_age_datminmxid_seconds',
    'Age of the oldest multi-transaction ID that has been replaced with a transaction ID.',
    'datname',
  ),
}

export function createDatabaseWraparound(db: Connections): Collector<readonly Database[]> {
  return {
    name: 'database_wraparound',
    read: (signal) => readDatabases(db, signal),
    write(reading, out) {
      for (const { name, xidAge, mxidAge } of reading) {
        out.set(metrics.xid, xidAge, name)
        out.set(metrics.mxid, mxidAge, name)
      }
    },
  }
}
