import type { Logger } from '../lib/logger.ts'
import type { ChildStatus } from '../children/supervisor.ts'
import { warnOfOwner } from './audit-owner.ts'
import { awaitDatabase, describeUrl } from './connect.ts'
import { startEmbedded, type EmbeddedServer } from './embedded/index.ts'
import { migrate } from './migrate.ts'
import { createPool } from './pool.ts'
import type { Db } from './schema.ts'

export interface DatabaseOptions {
  readonly dataDir: string
  /** '': run a PostgreSQL of our own. */
  readonly url: string
  readonly embeddedPort: number
  readonly poolSize: number
  /** How long to wait at start for a server that is starting, ms. */
  readonly connectTimeout: number
  /** As root: where programs and data go that the server's user could not reach in their own place. */
  readonly sharedDir?: string
}

export interface Database {
  readonly db: Db
  /** Identity of this Aura, kept in the database. */
  readonly instanceId: string
  /** Where it is, for a person: `user@host:port/database`, no password. */
  readonly location: string
  /** For the PostgreSQL exporter. Holds a password: not for logs. */
  readonly exporterUrl: string
  /** The embedded server's state; undefined for one that is not ours. */
  readonly server: ChildStatus | undefined
  /** Undefined if the database answers within 2 s, else one line saying why not. */
  check(): Promise<string | undefined>
  close(): Promise<void>
}

const answerTime = 2000

async function startedNow(db: Db): Promise<string> {
  const { id } = await db
    .updateTable('aura.instance')
    .set((eb) => ({ started_at: eb.fn('now') }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function findServer(options: DatabaseOptions, log: Logger): Promise<EmbeddedServer | undefined> {
  if (options.url === '') return startEmbedded({ ...options, port: options.embeddedPort }, log)
  await awaitDatabase(options.url, options.connectTimeout, log)
  return undefined
}

/** Starts or finds the server, migrates, and hands out the way in. What was started is ended again on failure. */
export async function openDatabase(options: DatabaseOptions, log: Logger): Promise<Database> {
  const server = await findServer(options, log)
  const url = server?.url ?? options.url
  const pool = createPool(url, options.poolSize, log)
  const close = async (): Promise<void> => {
    await pool.close()
    await server?.stop()
  }
  try {
    const done = await migrate(pool.db)
    if (server === undefined) await warnOfOwner(pool.db, log)
    else await server.secure()
    if (done.length > 0) log.info({ migrations: done }, `database migrated to ${done.at(-1)}`)
    return {
      db: pool.db,
      instanceId: await startedNow(pool.db),
      location: describeUrl(url),
      exporterUrl: server?.exporterUrl ?? url,
      get server() {
        return server?.status
      },
      async check() {
        if (server !== undefined && server.status.state !== 'ready') return server.status.reason ?? server.status.state
        return pool.ping(answerTime).then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        )
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
