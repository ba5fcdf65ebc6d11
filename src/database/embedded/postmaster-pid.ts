import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StartError } from '../../errors.ts'
import { endProcess, identify, waitForExit, type ProcessIdentity } from '../../lib/process-identity.ts'
import type { Logger } from '../../lib/logger.ts'

/** The lines of postmaster.pid that matter here. */
export interface PostmasterPid {
  readonly pid: number
  readonly port: number
  /** `starting`, `ready`, `stopping` or `standby`. */
  readonly status: string
}

/** Parses postmaster.pid; undefined while it is still being written. */
export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (Number.isNaN(pid)) return undefined
  // A single-user server writes a negative pid.
  return { pid: Math.abs(pid), port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() }
}

export function readPostmasterPid(directory: string): PostmasterPid | undefined {
  const file = join(directory, 'postmaster.pid')
  return existsSync(file) ? parsePostmasterPid(readFileSync(file, 'utf8')) : undefined
}

const isPostgres = (identity: ProcessIdentity): boolean => /^postgres\b/.test(basename(identity.command[0] ?? ''))

/** Whether the process works in this directory: every PostgreSQL process changes into its data directory. */
function worksIn(identity: ProcessIdentity, directory: string): boolean {
  if (process.platform !== 'linux') return identity.command.join(' ').includes(directory)
  try {
    return readlinkSync(`/proc/${identity.pid}/cwd`) === directory
  } catch {
    return false
  }
}

/** The server that an earlier Aura left running on this directory. */
export function findServer(directory: string): ProcessIdentity | undefined {
  const identity = identify(readPostmasterPid(directory)?.pid ?? 0)
  return identity !== undefined && isPostgres(identity) && worksIn(identity, directory) ? identity : undefined
}

/** Processes of a server whose postmaster is gone. They end by themselves, but perhaps only after a long query. */
function findBackends(directory: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => identify(Number(name)))
    .filter((found) => found !== undefined)
    .filter((found) => isPostgres(found) && worksIn(found, directory))
}

/** A process that is being killed has lost its command line, but may hold its memory for a moment yet. */
async function letDie(identity: ProcessIdentity | undefined): Promise<void> {
  if (identity?.command.length === 0) await waitForExit(identity, 2000)
}

// A pid above every system's limit: no process can have it.
const nobody = 2_147_483_646

/**
 * Makes way for a new server on `directory`: ends what an earlier one left running, and takes the sting out of a
 * lock file whose pid now belongs to another program. The files themselves stay, because PostgreSQL finds in
 * postmaster.pid the shared memory that tells whether any process of the old server still lives.
 */
export async function clearPreviousServer(directory: string, log: Logger): Promise<void> {
  await letDie(identify(readPostmasterPid(directory)?.pid ?? 0))
  const server = findServer(directory)
  if (server !== undefined) {
    log.warn(
      { child_pid: server.pid },
      `a PostgreSQL of an Aura that was killed still runs (pid ${server.pid}); shutting it down`,
    )
    const ended = await endProcess(server, [
      ['SIGINT', 60_000],
      ['SIGQUIT', 10_000],
    ])
    if (!ended)
      throw new StartError(`the PostgreSQL with pid ${server.pid} on ${directory} does not end: kill -9 ${server.pid}`)
  }
  for (const backend of findBackends(directory)) {
    await endProcess(backend, [
      ['SIGQUIT', 3000],
      ['SIGKILL', 3000],
    ])
  }
  for (const file of lockFiles(directory)) disarm(file)
}

/** Every lock file: that of the data directory and those of the sockets in it. */
function lockFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name === 'postmaster.pid' || /^\.s\.PGSQL\.\d+\.lock$/.test(name))
    .map((name) => join(directory, name))
}

function disarm(file: string): void {
  // Even where the pid is nobody's by our reckoning: PostgreSQL takes a dead process that waits to be reaped for alive.
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  // Written in place, so that owner and mode stay as they are.
  writeFileSync(file, [nobody, ...rest].join('\n'))
}
