import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StartError } from '../../errors.ts'
import { endProcess, identify, type ProcessIdentity } from '../../lib/process-identity.ts'
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
  if (process.platform !== 'linux') return identity.command.includes(directory)
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

// A pid above every system's limit: no process can have it.
const nobody = 2_147_483_646

/**
 * Makes way for a new server on `directory`: ends what an earlier one left running, and takes the sting out of a
 * postmaster.pid whose pid now belongs to another program. The file itself stays, because PostgreSQL finds in it the
 * shared memory that tells whether any process of the old server still lives.
 */
export async function clearPreviousServer(directory: string, log: Logger): Promise<void> {
  const file = join(directory, 'postmaster.pid')
  if (!existsSync(file)) return
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
  disarm(file)
}

function disarm(file: string): void {
  if (!existsSync(file)) return
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10))
  // Written in place, so that owner and mode stay as they are.
  if (identify(pid) !== undefined) writeFileSync(file, [nobody, ...lines.slice(1)].join('\n'))
}
