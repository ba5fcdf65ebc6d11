import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../../errors.ts'
import { canEnter, type Account } from './account.ts'

/** Where the cluster lies, or will lie once it is initialised. */
export interface DataDirectory {
  /** The path itself, links followed. */
  readonly path: string
  readonly initialised: boolean
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/** The real place behind `<data_dir>/postgres`; undefined if nothing is there yet. */
export function existingDataDirectory(link: string): string | undefined {
  if (existsSync(link)) return realpathSync(link)
  if (!isLink(link)) return undefined
  throw new StartError(
    `${link} is a link to a directory that does not exist: bring that directory back, or remove the link to start with an empty database`,
  )
}

/**
 * Chooses the place of a new cluster: `<data_dir>/postgres` itself, or, where the server's user cannot get there (a
 * clone below /root, say), a directory of its own below `shared` with `<data_dir>/postgres` as a link to it.
 */
export function placeDataDirectory(link: string, account: Account | undefined, shared: string): string {
  const parent = realpathSync(dirname(link))
  if (account === undefined || canEnter(parent, account)) return join(parent, 'postgres')
  mkdirSync(shared, { recursive: true, mode: 0o755 })
  const home = mkdtempSync(join(shared, 'data-'))
  chmodSync(home, 0o755)
  // So that someone who finds the directory later knows whose it is.
  writeFileSync(join(home, 'belongs-to'), `${link}\n`)
  if (!canEnter(home, account)) {
    throw new StartError(
      `user ${account.name} can reach neither ${parent} nor ${shared}: set AURA_DATA_DIR to a directory that it can enter`,
    )
  }
  const path = join(home, 'postgres')
  mkdirSync(path, { mode: 0o700 })
  chownSync(path, account.uid, account.gid)
  symlinkSync(path, link)
  return path
}

const isEmpty = (path: string): boolean => !existsSync(path) || readdirSync(path).length === 0

/** Sees to it that the directory is new, or a cluster of our major version that the server's user can use. */
export function checkDataDirectory(path: string, major: string, account: Account | undefined): DataDirectory {
  if (account !== undefined && existsSync(path) && !canEnter(path, account)) {
    throw new StartError(
      `user ${account.name}, who owns ${path}, cannot get into it: move the data directory to where it can (AURA_DATA_DIR)`,
    )
  }
  if (account === undefined) checkOwner(path)
  if (isEmpty(path)) return { path, initialised: false }
  const versionFile = join(path, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    throw new StartError(
      `${path} is not empty, yet holds no PostgreSQL data (PG_VERSION is missing): move it away to start with an empty database, or restore a backup. Nothing was changed`,
    )
  }
  const found = readFileSync(versionFile, 'utf8').trim()
  if (found !== major) {
    throw new StartError(
      `the data in ${path} was written by PostgreSQL ${found}, this Aura brings ${major}: dump it with PostgreSQL ${found} (pg_dumpall), move the directory away and load the dump, or set AURA_DATABASE_URL. Nothing was changed`,
    )
  }
  return { path, initialised: true }
}

function checkOwner(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  const uid = process.getuid?.()
  if (stat === undefined || uid === undefined || stat.uid === uid) return
  throw new StartError(
    `${path} belongs to uid ${stat.uid}, Aura runs as uid ${uid}: start it as that user (or as root, if root made it), or chown -R ${uid} ${path}`,
  )
}

/** Fails with one clear line where Aura itself may not write. */
export function ensureWritable(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `the data directory ${directory} cannot be written (${reason}): set AURA_DATA_DIR to another`,
      {
        cause: error,
      },
    )
  }
}
