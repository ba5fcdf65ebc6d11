import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { readDatabases, type Database } from '../databases-list.ts'
import { num } from '../row.ts'

export const metrics = {
  size: gauge('pg_database_size_bytes', 'Disk space used by the database', 'datname'),
  limit: gauge('pg_database_connection_limit', 'Connection limit set for the database', 'datname'),
}

const sql = 'select oid, pg_database_size(oid) from pg_database'

export interface Size {
  readonly database: string
  /** Unknown when the database vanished while it was measured. */
  readonly bytes: number | undefined
  /** -1 means no limit. */
  readonly connectionLimit: number
}

export function parseSizes(databases: readonly Database[], rows: readonly Row[]): Size[] {
  const sizes = new Map(rows.map(([oid, bytes]) => [oid, num(bytes)]))
  return databases.map(({ oid, name, connectionLimit }) => ({
    database: name,
    bytes: sizes.get(oid),
    connectionLimit,
  }))
}

/** Sizes and connection limits of all databases. */
export function createDatabase(db: Connections): Collector<Size[]> {
  return {
    name: 'database',
    async read(signal) {
      const [databases, rows] = await Promise.all([readDatabases(db, signal), db.query(sql, signal)])
      return parseSizes(databases, rows)
    },
    write(reading, out) {
      for (const { database, bytes, connectionLimit } of reading) {
        out.set(metrics.size, bytes, database)
        out.set(metrics.limit, connectionLimit, database)
      }
    },
  }
}
