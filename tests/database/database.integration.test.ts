import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { handOver } from '../../src/database/audit-owner.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../../src/database/index.ts'
import { startEmbedded, type EmbeddedServer } from '../../src/database/embedded/index.ts'
import { urlFor } from '../../src/database/embedded/bootstrap.ts'
import { readCredentials } from '../../src/database/embedded/credentials.ts'
import { migrate } from '../../src/database/migrate.ts'
import { migrations, type AuraMigration } from '../../src/database/migrations/index.ts'
import { createPool } from '../../src/database/pool.ts'
import { quiet, recordingLogger } from '../support/logger.ts'
import { embedded } from '../support/run-aura.ts'

let dataDir: string
let server: EmbeddedServer
let admin: Client

const url = (role: 'postgres' | 'aura' | 'aura_exporter', database: string): string => {
  const credentials = readCredentials(join(dataDir, 'postgres'))
  if (credentials === undefined) throw new Error('no credentials')
  return urlFor(role, credentials, database)
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-database-'))
  chmodSync(dataDir, 0o755)
  server = await startEmbedded({ dataDir, port: 0 }, quiet)
  admin = new Client({ connectionString: url('postgres', 'postgres') })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await server?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

let name = ''
let next = 0
beforeEach(async () => {
  name = `own${next++}`
  await admin.query(`create database ${name} owner aura`)
})

const external = (more: Partial<DatabaseOptions> = {}): DatabaseOptions =>
  embedded(dataDir, { url: url('aura', name), ...more })
const open = (more: Partial<DatabaseOptions> = {}): Promise<Database> => openDatabase(external(more), quiet)
const failure = (more: Partial<DatabaseOptions>): Promise<string> =>
  open(more).then(
    () => 'it went well',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )

const setting = async (key: string): Promise<string | undefined> =>
  (await admin.query<{ v: string }>(`select current_setting('${key}') as v`)).rows[0]?.v

async function reading(connectionString: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query('select * from aura.instance')
  } finally {
    await client.end()
  }
}

test('the embedded server: statements, checksums, loopback, and an exporter role that reads statistics alone', async () => {
  expect(await setting('shared_preload_libraries')).toBe('pg_stat_statements')
  expect(await setting('data_checksums')).toBe('on')
  expect(await setting('listen_addresses')).toBe('127.0.0.1')
  expect(await setting('password_encryption')).toBe('scram-sha-256')
  expect(await setting('fsync')).toBe('on')
  const exporter = new Client({ connectionString: server.exporterUrl })
  await exporter.connect()
  try {
    const { rows } = await exporter.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_statements where query is not null',
    )
    expect(rows[0]?.n).toBeGreaterThan(0)
    await (await open()).close()
    await expect(reading(url('aura_exporter', name))).rejects.toThrow(/permission denied for schema aura/)
    await expect(exporter.query('create table public.no (n int)')).rejects.toThrow(/permission denied|read-only/)
    await expect(exporter.query(`select pg_read_file('/etc/passwd')`)).rejects.toThrow(/permission denied/)
  } finally {
    await exporter.end()
  }
  const wrong = new Client({ connectionString: server.exporterUrl.replace(/:[0-9a-f]{48}@/, ':wrong@') })
  await expect(wrong.connect()).rejects.toThrow(/password authentication failed/)
})

test('an own database is migrated once and keeps its identity', async () => {
  const first = await open()
  const { started_at: before } = await first.db.selectFrom('aura.instance').selectAll().executeTakeFirstOrThrow()
  await first.close()
  const log = recordingLogger()
  const second = await openDatabase(external(), log)
  expect(second.instanceId).toBe(first.instanceId)
  expect(await second.check()).toBeUndefined()
  expect(second.exporterUrl).toBe(url('aura', name))
  expect(second.location).not.toContain(':aura@')
  const { started_at: after } = await second.db.selectFrom('aura.instance').selectAll().executeTakeFirstOrThrow()
  expect(after.getTime()).toBeGreaterThan(before.getTime())
  await second.close()
  expect(log.lines.filter(({ level }) => level === 'info' || level === 'error')).toEqual([])
})

test('several processes that start at once migrate once, and agree on the identity', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => open()))
  expect(new Set(all.map(({ instanceId }) => instanceId)).size).toBe(1)
  const { rows } = await sql<{ name: string }>`select name from aura.migration`.execute(all[0]!.db)
  expect(rows.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name))
  await Promise.all(all.map((database) => database.close()))
})

test('a database of a newer Aura is refused, and left as it is', async () => {
  const database = await open()
  await sql`insert into aura.migration (name, timestamp) values ('9999-future', 'x')`.execute(database.db)
  await database.close()
  expect(await failure({})).toMatch(
    /^START the database was used by a newer Aura \(it has 9999-future\).*Nothing was changed/,
  )
})

test('a migration that fails leaves nothing half done, not even the ones before it', async () => {
  const pool = createPool(url('aura', name), 2, quiet)
  const broken: AuraMigration = {
    name: '9999-broken',
    async up(db) {
      await sql`create table aura.half (n int)`.execute(db)
      await sql`select * from aura.nowhere`.execute(db)
    },
  }
  await expect(migrate(pool.db, [...migrations, broken])).rejects.toThrow(
    /migration 9999-broken failed, and nothing was changed: /,
  )
  const { rows } = await sql<{ half: boolean; instance: boolean }>`
    select to_regclass('aura.half') is not null as half, to_regclass('aura.instance') is not null as instance`.execute(
    pool.db,
  )
  expect(rows[0]).toEqual({ half: false, instance: false })
  expect(await migrate(pool.db)).toEqual(migrations.map((migration) => migration.name))
  await pool.close()
})

test('what stands in the way of an own database is said in one line, without the password', async () => {
  await admin.query(`create role visitor login password 'sesame-sesame'`)
  const { port } = server
  const cases: [Partial<DatabaseOptions>, RegExp][] = [
    [{ url: `postgres://visitor:open-sesame@127.0.0.1:${port}/${name}` }, /^START .* refuses the password/],
    [{ url: `postgres://nobody:open-sesame@127.0.0.1:${port}/${name}` }, /^START .* refuses the password/],
    [{ url: `postgres://visitor:sesame-sesame@127.0.0.1:${port}/nowhere` }, /^START .* has no such database/],
    [
      { url: `postgres://visitor:sesame-sesame@127.0.0.1:${port}/${name}` },
      /^START the database user may not create.*grant create/,
    ],
    [
      { url: 'postgres://visitor:sesame-sesame@127.0.0.1:1/x', connectTimeout: 500 },
      /^START .* cannot be reached \(.*ECONNREFUSED/,
    ],
    [{ url: 'postgres://visitor:sesame-sesame@nowhere.invalid/x', connectTimeout: 500 }, /^START .* cannot be reached/],
    [{ url: 'mysql://visitor:sesame-sesame@127.0.0.1/x' }, /^CONFIG database.url is not a PostgreSQL URL/],
  ]
  for (const [options, pattern] of cases) {
    const message = await failure(options)
    expect(message).toMatch(pattern)
    expect(message).not.toContain('sesame')
    expect(message).not.toContain('\n')
  }
})

test('a server that comes later is waited for', async () => {
  const late = mkdtempSync(join(tmpdir(), 'aura-late-'))
  chmodSync(late, 0o755)
  // A port that nobody listens on yet: made, remembered and released by a first run.
  const first = await startEmbedded({ dataDir: late, port: 0 }, quiet)
  await first.stop()
  const log = recordingLogger()
  const opening = openDatabase(external({ url: first.url, connectTimeout: 30_000 }), log)
  await expect
    .poll(() => log.lines.map(({ message }) => message).join())
    .toContain('waiting for PostgreSQL at aura@127.0.0.1')
  const second = await startEmbedded({ dataDir: late, port: first.port }, quiet)
  const database = await opening
  expect(await database.check()).toBeUndefined()
  await database.close()
  await second.stop()
  rmSync(late, { recursive: true, force: true })
})

test('the pool survives a restart of the server, and says meanwhile what is wrong', async () => {
  const own = mkdtempSync(join(tmpdir(), 'aura-restart-'))
  chmodSync(own, 0o755)
  const log = recordingLogger()
  const database = await openDatabase(embedded(own), log)
  const { instanceId } = database
  process.kill(database.server?.pid ?? 0, 'SIGKILL')
  await expect.poll(() => database.check(), { timeout: 5000 }).toMatch(/SIGKILL|starting/)
  await expect.poll(() => database.check(), { timeout: 10_000 }).toBeUndefined()
  const row = await database.db.selectFrom('aura.instance').select('id').executeTakeFirstOrThrow()
  expect(row.id).toBe(instanceId)
  await database.close()
  expect(database.server?.state).toBe('stopped')
  rmSync(own, { recursive: true, force: true })
})

test('with a server of one’s own the role owns the audit log and is told so, until a superuser takes it away', async () => {
  const log = recordingLogger()
  const said = (): string[] => log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
  await (await openDatabase(external(), log)).close()
  expect(said()).toEqual([expect.stringContaining('aura audit owner')])
  const superuser = new Client({ connectionString: url('postgres', name) })
  await superuser.connect()
  try {
    for (let i = 0; i < 2; i++) await superuser.query(handOver('aura'))
  } finally {
    await superuser.end()
  }
  log.lines.length = 0
  const after = await openDatabase(external(), log)
  try {
    expect(said()).toEqual([])
    const audit = await createAudit({ db: after.db, log: quiet, clock: Date.now })
    expect(await audit.record({ actor: { id: 'ann' }, action: 'aura.start', decision: 'none' })).toBe(1)
    await audit.close()
    await expect(sql`alter table audit.log disable trigger all`.execute(after.db)).rejects.toThrow('must be owner')
    await expect(sql`delete from audit.log`.execute(after.db)).rejects.toThrow('permission denied')
  } finally {
    await after.close()
  }
})
