import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections } from '../connection.ts'
import { readDatabases, type Database } from '../databases-list.ts'
import type { Sizes } from '../sizes.ts'

export const metrics = {
  size: gauge('pg_database_size_bytes', 'Disk space used by the database', 'datname'),
  limit: gauge('pg_database_connection_limit', 'Connection limit set for the database', 'datname'),
  age: gauge(
    'pg_database_size_age_seconds',
    'Age of pg_database_size_bytes: 0 when measured for this scrape, more where measuring takes too long for that.',
  ),
}

interface Reading {
  readonly databases: readonly Database[]
  readonly sizes: Sizes
  /** Seconds. */
  readonly age: number
}

/** Sizes and connection limits of all databases. */
export function createDatabase(
  db: Connections,
  sizes: { read(signal: AbortSignal): Promise<Sizes> },
): Collector<Reading> {
  return {
    name: 'database',
    async read(signal) {
      const start = Date.now()
      const [databases, measured] = await Promise.all([readDatabases(db, signal), sizes.read(signal)])
      return { databases, sizes: measured, age: Math.max(0, start - measured.at) / 1000 }
    },
    write({ databases, sizes: { bytes }, age }, out) {
      for (const { oid, name } of databases) out.set(metrics.size, bytes.get(oid), name)
      for (const { name, connectionLimit } of databases) out.set(metrics.limit, connectionLimit, name)
      out.set(metrics.age, age)
    },
  }
}
