import { Kysely, PostgresDialect } from 'kysely'
import { Pool as PgPool, type QueryConfig } from 'pg'
import type { Logger } from '../lib/logger.ts'
import type { Db, Schema } from './schema.ts'
import { traceQuery } from './trace-queries.ts'

export interface Pool {
  readonly db: Db
  /** Asks the server for an answer; rejects when there is none within `ms`. */
  ping(ms: number): Promise<void>
  close(): Promise<void>
}

/** A small pool that opens connections when they are needed and closes idle ones. */
export function createPool(url: string, size: number, log: Logger): Pool {
  const pool = new PgPool({
    connectionString: url,
    max: size,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: 'aura',
  })
  // An idle connection was cut (the server restarts): the pool has dropped it already and opens another when asked.
  pool.on('error', (error) => log.debug({ err: error }, 'idle database connection lost'))
  // One that was lent out was cut: its query is told. Without a listener the error would end the process as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), log: traceQuery })
  return {
    db,
    async ping(ms) {
      // pg knows a deadline for one query; its types do not.
      const query: QueryConfig & { query_timeout: number } = { text: 'select 1', query_timeout: ms }
      await pool.query(query)
    },
    async close() {
      await db.destroy()
      // Kysely ends the pool only if it was ever asked anything.
      if (!pool.ending) await pool.end()
    },
  }
}
