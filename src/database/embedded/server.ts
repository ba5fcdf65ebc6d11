import { join } from 'node:path'
import type { Command } from '../../children/run-child.ts'
import { createSupervisor, type Supervisor } from '../../children/supervisor.ts'
import { StartError } from '../../errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { explainFailure, isPortTaken } from './explain.ts'
import { clearPreviousServer, readPostmasterPid } from './postmaster-pid.ts'

export interface Cluster {
  readonly directory: string
  readonly binaries: Binaries
  readonly account: Account | undefined
}

/** Settings that Aura depends on, given on the command line so that they hold for clusters of any age. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  shared_preload_libraries: 'pg_stat_statements',
  track_io_timing: 'on',
  // Three idle processes less; a small database gains nothing from asynchronous reads.
  io_method: 'sync',
  // No launcher for subscriptions that nobody has.
  max_logical_replication_workers: '0',
  max_wal_size: '512MB',
  cluster_name: 'aura',
  // The output is read by a program.
  lc_messages: 'C',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '',
  log_checkpoints: 'off',
}

// sun_path holds 108 bytes; the setting is a list, so a path with its own separators cannot be said safely.
const longestSocketPath = 107
const awkward = /[,"'\s\\]/

/** Directory for the Unix socket: the data directory, which only its owner can enter; '' where that cannot be. */
export function socketDirectory(directory: string, port: number): string {
  const fits = Buffer.byteLength(join(directory, `.s.PGSQL.${port}`)) <= longestSocketPath
  return fits && !awkward.test(directory) && process.platform !== 'win32' ? directory : ''
}

function serverCommand({ directory, binaries, account }: Cluster, port: number): Command {
  const all = { ...settings, port: String(port), unix_socket_directories: socketDirectory(directory, port) }
  return {
    program: binaries.postgres,
    args: ['-D', directory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: directory,
    // Not Aura's own environment, which may hold secrets.
    env: { LC_ALL: 'C' },
    account,
    deathSignal: 'INT',
  }
}

/** The supervised server on one port. */
function createServer(cluster: Cluster, port: number, log: Logger): Supervisor {
  return createSupervisor(
    {
      name: 'PostgreSQL',
      async command() {
        await clearPreviousServer(cluster.directory, log)
        return serverCommand(cluster, port)
      },
      // What pg_ctl looks at: no connection is spent on asking. The file may still be that of a server long dead.
      probe: {
        every: 15,
        check(pid) {
          const file = readPostmasterPid(cluster.directory)
          return file?.pid === pid && file.status === 'ready'
        },
      },
      readyWithin: 0,
      firstMustSucceed: true,
      // Fast shutdown: sessions are ended and a checkpoint is written. Then immediate: the next start recovers.
      stopBy: [
        ['SIGINT', 30_000],
        ['SIGQUIT', 5000],
        ['SIGKILL', 0],
      ],
    },
    log,
  )
}

/** Starts the server on the first of the ports on which it comes up. Throws one clear line if it does not. */
export async function startServer(
  cluster: Cluster,
  ports: AsyncIterable<number>,
  log: Logger,
): Promise<{ server: Supervisor; port: number }> {
  for await (const port of ports) {
    const server = createServer(cluster, port, log)
    const { state, reason } = await server.start()
    if (state === 'ready') return { server, port }
    await server.stop()
    const lines = server.tail.length > 0 ? server.tail : [reason ?? '']
    if (!isPortTaken(lines)) throw new StartError(explainFailure(lines, cluster.directory))
  }
  throw new StartError('no free port for the embedded PostgreSQL: set AURA_DATABASE_EMBEDDED_PORT to one')
}
