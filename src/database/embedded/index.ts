import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../../errors.ts'
import { acquireInstanceLock } from '../../lib/instance-lock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ChildStatus } from '../../children/supervisor.ts'
import { serverAccount } from './account.ts'
import { locateBinaries } from './binaries.ts'
import { bootstrap, secureAudit, urlFor } from './bootstrap.ts'
import { readCredentials, writeCredentials } from './credentials.ts'
import { checkDataDirectory, ensureWritable, existingDataDirectory, placeDataDirectory } from './data-directory.ts'
import { explainFailure } from './explain.ts'
import { initialise } from './initialise.ts'
import { candidatePorts } from './ports.ts'
import { findLeftovers } from './leftovers.ts'
import { clearPreviousServer } from './postmaster-pid.ts'
import { resetPasswords } from './reset-password.ts'
import { startServer, type Cluster } from './server.ts'

const defaultSharedDir = '/var/lib/aura'

export interface EmbeddedOptions {
  /** Aura's data directory; the cluster is `postgres` in it. */
  readonly dataDir: string
  /** 0: chosen once and remembered. */
  readonly port: number
  /** As root only: where programs and data go that the server's user could not reach in their own place. */
  readonly sharedDir?: string
}

export interface EmbeddedServer {
  /** For Aura itself: owner of the database `aura`. */
  readonly url: string
  /** For the PostgreSQL exporter: a role with pg_monitor alone. */
  readonly exporterUrl: string
  readonly directory: string
  readonly port: number
  readonly status: ChildStatus
  /** After the migrations: what must not belong to Aura's own role. */
  secure(): Promise<void>
  stop(): Promise<void>
}

/** A cluster kept elsewhere can be reached through two data directories (a copied clone): it has a lock of its own. */
async function lockElsewhere(dataDir: string, directory: string): Promise<() => void> {
  const home = dirname(directory)
  if (home === realpathSync(dataDir)) return () => undefined
  const lock = await acquireInstanceLock(join(home, 'lock'))
  if (lock.acquired) return () => lock.release()
  throw new StartError(
    `the data in ${directory} is in use by another Aura (pid ${lock.pid ?? 'unknown'}): its data directory seems to be a copy of ${dataDir}`,
  )
}

async function prepare(options: EmbeddedOptions): Promise<{ cluster: Cluster; initialised: boolean }> {
  const { dataDir, sharedDir = defaultSharedDir } = options
  ensureWritable(dataDir)
  const link = join(dataDir, 'postgres')
  const existing = existingDataDirectory(link)
  const account = serverAccount(existing ?? link)
  const binaries = locateBinaries(account, sharedDir)
  const directory = existing ?? placeDataDirectory(link, account, sharedDir)
  const { initialised } = checkDataDirectory(directory, binaries.major, account)
  return { cluster: { directory, binaries, account }, initialised }
}

async function credentialsOf({ directory, binaries, account }: Cluster, log: Logger) {
  const known = readCredentials(directory)
  if (known !== undefined) return { credentials: known, reset: false }
  log.warn({ directory }, `${join(directory, 'aura.json')} is missing or damaged; the database gets new passwords`)
  await clearPreviousServer(directory, log)
  return { credentials: await resetPasswords(directory, binaries, account), reset: true }
}

async function run(
  options: EmbeddedOptions,
  cluster: Cluster,
  unlock: () => void,
  log: Logger,
): Promise<EmbeddedServer> {
  const { directory, account } = cluster
  const { credentials: before, reset } = await credentialsOf(cluster, log)
  // Before looking for a free port, or the server left behind would be taken for a stranger on it.
  await clearPreviousServer(directory, log)
  const { server, port } = await startServer(cluster, candidatePorts(options.port, before.port, log), log)
  const credentials = { ...before, port }
  try {
    if (port !== before.port) writeCredentials(directory, credentials, account)
    await bootstrap(credentials, reset)
  } catch (error) {
    await server.stop()
    const message = error instanceof Error ? error.message : String(error)
    throw new StartError(explainFailure([`error: ${message}`], directory), { cause: error })
  }
  const as = account === undefined ? '' : ` as user ${account.name}`
  log.info({ child_pid: server.status.pid }, `PostgreSQL runs on 127.0.0.1:${port}${as}, its data is in ${directory}`)
  return {
    url: urlFor('aura', credentials),
    exporterUrl: urlFor('aura_exporter', credentials),
    directory,
    port,
    get status() {
      return server.status
    },
    secure: () => secureAudit(credentials),
    stop: () => server.stop().finally(unlock),
  }
}

/** Makes, if need be, and starts Aura's own PostgreSQL. The caller holds the lock on the data directory. */
export async function startEmbedded(options: EmbeddedOptions, log: Logger): Promise<EmbeddedServer> {
  const { cluster, initialised } = await prepare(options)
  const unlock = await lockElsewhere(options.dataDir, cluster.directory)
  try {
    if (!initialised) {
      log.info({}, `making a new database in ${cluster.directory}`)
      const leftovers = findLeftovers(options.sharedDir ?? defaultSharedDir)
      if (leftovers.length > 0) {
        log.info(
          {},
          `databases of clones that were removed are still in ${leftovers.join(', ')}; delete what nobody needs`,
        )
      }
      await initialise(cluster.directory, cluster.binaries, cluster.account)
    }
    return await run(options, cluster, unlock, log)
  } catch (error) {
    unlock()
    throw error
  }
}
