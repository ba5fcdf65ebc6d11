import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverAccount } from '../../src/database/embedded/account.ts'
import { onExit } from './on-exit.ts'
import { growTo, query } from './postgres-data.ts'
import { freePort, makeProgram, sleep, type Program } from './program.ts'

export const role = 'monitor'

/** A PostgreSQL of its own for the benchmark. */
export interface PostgresServer {
  /** The postmaster. */
  readonly pid: number
  readonly version: string
  /** For the exporters: a role that has pg_monitor and nothing else. */
  readonly url: string
  /** Creates databases until there are so many (templates not counted). */
  growTo(databases: number): Promise<void>
  /** Process ids of sessions that the monitoring role has under this application_name. */
  backends(application: string): Promise<number[]>
  stop(): Promise<void>
}

/** Folder of the newest server among 15, then any, that a distribution keeps; undefined if there is none. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const majors = readdirSync(root).toSorted((a, b) => Number(b === '15') - Number(a === '15') || Number(b) - Number(a))
  return majors.map((major) => join(root, major, 'bin')).find((bin) => existsSync(join(bin, 'postgres')))
}

const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  track_functions: 'all',
  max_connections: '100',
}

/** Starts a server with data as an application leaves it. The caller must stop it; nothing of it remains then. */
export async function makePostgres(bin: string): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), 'aura-bench-postgres-'))
  const data = join(home, 'data')
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  const removed = onExit(remove)
  const account = serverAccount(data)
  if (account) chownSync(home, account.uid, account.gid)
  const user = { cwd: home, ...(account && { uid: account.uid, gid: account.gid }) }
  run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'], user)
  const port = await freePort()
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const server = makeProgram(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-k', home, ...flags], {
    ...user,
    // Fast shutdown: sessions are ended, not waited for.
    stopSignal: 'SIGINT',
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    remove()
    removed()
  }
  try {
    return { ...(await describe(server, port)), pid: server.pid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function run(program: string, args: readonly string[], options: { uid?: number; gid?: number; cwd: string }): void {
  const { status, stderr, error } = spawnSync(program, args, { ...options, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
}

async function describe(server: Program, port: number): Promise<Omit<PostgresServer, 'pid' | 'stop'>> {
  const admin = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`
  const [shown] = await firstAnswer(server, admin('postgres'))
  await query(admin('postgres'), `create role ${role} login; grant pg_monitor to ${role}`)
  return {
    version: String(shown?.['version']),
    url: `postgres://${role}@127.0.0.1:${port}/postgres`,
    growTo: (count) => growTo(admin, count),
    async backends(application) {
      const sql = `select pid from pg_stat_activity where usename = '${role}' and application_name = '${application}'`
      return (await query(admin('postgres'), sql)).map(({ pid }) => Number(pid))
    },
  }
}

/** Asks until the server is up. */
async function firstAnswer(server: Program, url: string): Promise<Record<string, unknown>[]> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return await query(url, "select current_setting('server_version') as version")
    } catch {
      const words = await Promise.race([server.ended, sleep(100)])
      if (words !== undefined) throw new Error(`PostgreSQL does not start: ${words}`)
    }
  }
  throw new Error('PostgreSQL does not answer within 20 s')
}
