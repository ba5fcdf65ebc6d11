import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Database, DatabaseOptions } from '../database/index.ts'
import { StartError } from '../errors.ts'
import { acquireInstanceLock } from '../lib/instance-lock.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: Database
  }
}

/** Claims the data directory for this process. Two Auras on one would end each other's servers and mix their files. */
async function claim(dataDir: string): Promise<() => void> {
  try {
    mkdirSync(dataDir, { recursive: true })
    const lock = await acquireInstanceLock(join(dataDir, 'lock'))
    if (lock.acquired) return () => lock.release()
    const who = lock.pid === undefined ? '' : ` (pid ${lock.pid})`
    throw new StartError(
      `another Aura${who} uses ${realpathSync(dataDir)}: end it, or set AURA_DATA_DIR to a directory of its own`,
    )
  } catch (error) {
    if (error instanceof StartError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`the data directory cannot be used (${reason}): set AURA_DATA_DIR to another`, {
      cause: error,
    })
  }
}

/**
 * The data directory and the database, in that order: register it before whatever uses either. Decorates the app with
 * `database`.
 */
async function database(app: FastifyInstance, options: DatabaseOptions): Promise<void> {
  const release = await claim(options.dataDir)
  app.addHook('onClose', release)
  // Loaded here, so that the exporters alone never pay for Kysely.
  const { openDatabase } = await import('../database/index.ts')
  const opened = await openDatabase(options, app.log)
  app.addHook('onClose', () => opened.close())
  app.decorate('database', opened)
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(database, { [Symbol.for('skip-override')]: true })
