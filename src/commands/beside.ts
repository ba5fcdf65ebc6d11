import { join } from 'node:path'
import { fastify, type FastifyBaseLogger } from 'fastify'
import { databaseOptions } from '../app.ts'
import type { Config } from '../config/schema.ts'
import { awaitDatabase } from '../database/connect.ts'
import { urlFor } from '../database/embedded/bootstrap.ts'
import { readCredentials } from '../database/embedded/credentials.ts'
import { migrate } from '../database/migrate.ts'
import { createPool } from '../database/pool.ts'
import type { Db } from '../database/schema.ts'
import databasePlugin from '../plugins/database.ts'

/** A way into the database for a command. */
export interface Beside {
  readonly db: Db
  readonly close: () => Promise<void>
}

async function joined(url: string, log: FastifyBaseLogger): Promise<Beside> {
  const { db, ...pool } = createPool(url, 3, log)
  const close = (): Promise<void> => pool.close()
  try {
    await migrate(db)
    return { db, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the server of an Aura that runs on this data directory answers; undefined if none does. */
async function urlOfRunning(dataDir: string, log: FastifyBaseLogger): Promise<string | undefined> {
  const credentials = readCredentials(join(dataDir, 'postgres'))
  if (credentials === undefined || credentials.port === 0) return undefined
  const url = urlFor('aura', credentials)
  const pool = createPool(url, 1, log)
  try {
    await pool.ping(2000)
    return url
  } catch {
    // Nobody is there, or a stranger with other passwords: then ours is started.
    return undefined
  } finally {
    await pool.close()
  }
}

/**
 * The database for a command, up to date: that of the Aura which runs, or, where none does, the same one started for as
 * long as the command takes.
 */
export async function openBeside(config: Config, log: FastifyBaseLogger): Promise<Beside> {
  const options = databaseOptions(config)
  if (options.url !== '') {
    await awaitDatabase(options.url, options.connectTimeout, log)
    return joined(options.url, log)
  }
  const running = await urlOfRunning(options.dataDir, log)
  if (running !== undefined) return joined(running, log)
  const app = fastify({ loggerInstance: log, pluginTimeout: 0 })
  try {
    await app.register(databasePlugin, options)
    return { db: app.database.db, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  }
}
