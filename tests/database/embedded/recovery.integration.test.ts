import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCredentials } from '../../../src/database/embedded/credentials.ts'
import { urlFor } from '../../../src/database/embedded/bootstrap.ts'
import { readPostmasterPid } from '../../../src/database/embedded/postmaster-pid.ts'
import { identify, waitForExit } from '../../../src/lib/process-identity.ts'
import { databaseOf, embedded, runAura, type RunningAura } from '../../support/run-aura.ts'

let dataDir: string
let running: RunningAura[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-recovery-'))
  chmodSync(dataDir, 0o755)
  running = []
})
afterEach(async () => {
  for (const aura of running)
    if (aura.process.exitCode === null && aura.process.signalCode === null) await aura.end('SIGTERM')
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(more = {}): Promise<RunningAura> {
  const aura = await runAura({ database: embedded(dataDir, more) })
  running.push(aura)
  return aura
}

async function sql<Row extends object>(text: string): Promise<Row[]> {
  const credentials = readCredentials(join(dataDir, 'postgres'))
  if (credentials === undefined) throw new Error('no credentials')
  const client = new Client({ connectionString: urlFor('postgres', credentials) })
  // The query itself fails too when the server is killed under it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

const pidFile = (): string => join(dataDir, 'postgres', 'postmaster.pid')
/** Whom the data belongs to, and the server runs as. */
const owner = (): { uid: number; gid: number } => statSync(join(dataDir, 'postgres'))
const insert = `create table if not exists kept (n serial); insert into kept default values`
const count = async (): Promise<number> => (await sql<{ n: number }>('select count(*)::int as n from kept'))[0]?.n ?? 0

test('kill -9: the server ends with it, and the next start has every committed row', async () => {
  const first = await start()
  const { instanceId, serverPid } = databaseOf(first)
  const server = identify(serverPid ?? 0)
  for (let i = 0; i < 5; i++) await sql(insert)
  await first.end('SIGKILL')
  const second = await start()
  expect(databaseOf(second).instanceId).toBe(instanceId)
  expect(await count()).toBe(5)
  expect(server && (await waitForExit(server, 100))).toBe(true)
})

test('kill -9 of Aura and of the server at once, in the middle of writing', async () => {
  const first = await start()
  const { serverPid = 0 } = databaseOf(first)
  await sql(insert)
  const writing = sql(`${insert}; select pg_sleep(60)`).catch(() => undefined)
  await expect.poll(async () => (await sql(`select from pg_stat_activity where wait_event = 'PgSleep'`)).length).toBe(1)
  process.kill(serverPid, 'SIGKILL')
  await first.end('SIGKILL')
  await writing
  databaseOf(await start())
  // The second insert was not committed: it shared a transaction with the sleep.
  expect(await count()).toBe(1)
})

test('a server left running (no parent-death signal) is recognised, shut down and replaced', async () => {
  const first = await start()
  const { serverPid: old = 0 } = databaseOf(first)
  await sql(insert)
  // As if the system had no such signal: a server with the same arguments that is nobody's child.
  const { command = [] } = identify(old) ?? {}
  await first.end('SIGTERM')
  const orphan = spawn(command[0] ?? '', command.slice(1), {
    uid: owner().uid,
    gid: owner().gid,
    cwd: '/',
    stdio: 'ignore',
    detached: true,
  })
  orphan.unref()
  const gone = once(orphan, 'exit')
  await expect.poll(() => readPostmasterPid(join(dataDir, 'postgres'))?.status, { timeout: 5000 }).toBe('ready')
  const second = await start()
  await gone
  expect(databaseOf(second).serverPid).not.toBe(orphan.pid)
  expect(await count()).toBe(1)
  expect(second.messages.join('\n')).toContain(`still runs (pid ${orphan.pid})`)
})

test('a stale postmaster.pid whose pid belongs to another program does not block, and that program lives on', async () => {
  const first = await start()
  await first.end('SIGTERM')
  // Of the same user, or PostgreSQL would see by itself that it cannot be its server.
  const stranger = spawn('/bin/sleep', ['60'], { uid: owner().uid, gid: owner().gid, stdio: 'ignore' })
  try {
    const postgres = join(dataDir, 'postgres')
    writeFileSync(
      pidFile(),
      `${stranger.pid}\n${postgres}\n1795224923\n15432\n${postgres}\n127.0.0.1\n 1 1\nready   \n`,
    )
    chownSync(pidFile(), owner().uid, owner().gid)
    const second = await start()
    expect(databaseOf(second).serverPid).toBeGreaterThan(0)
    expect(identify(stranger.pid ?? 0)?.command[0]).toBe('/bin/sleep')
  } finally {
    stranger.kill()
  }
})

test('two on one data directory: the second is refused at once, and names the directory and the first', async () => {
  const first = await start()
  const began = performance.now()
  const second = await start()
  expect(performance.now() - began).toBeLessThan(3000)
  expect(second.report.error).toEqual({
    code: 'START',
    message: `another Aura (pid ${first.process.pid}) uses ${dataDir}: end it, or set AURA_DATA_DIR to a directory of its own`,
  })
  expect(databaseOf(first).serverPid).toBe(readPostmasterPid(join(dataDir, 'postgres'))?.pid)
})

test('the port stays, until someone else takes it; then it moves, and says so', async () => {
  const first = await start()
  const { location } = databaseOf(first)
  await first.end('SIGTERM')
  const second = await start()
  expect(databaseOf(second).location).toBe(location)
  await second.end('SIGTERM')
  const port = Number(/:(\d+)\//.exec(location)?.[1])
  const thief = createServer().listen(port, '127.0.0.1')
  await once(thief, 'listening')
  const third = await start()
  expect(databaseOf(third).location).not.toBe(location)
  expect(third.messages.join('\n')).toMatch(new RegExp(`port ${port} of the embedded PostgreSQL is in use.*moves to`))
  thief.close()
})

test('a configured port that is taken stops the start with its name', async () => {
  const thief = createServer().listen(0, '127.0.0.1')
  await once(thief, 'listening')
  const { port } = thief.address() as AddressInfo
  const { report } = await start({ embeddedPort: port })
  expect(report.error?.code).toBe('START')
  expect(report.error?.message).toContain(`port ${port} (database.embedded_port) is in use`)
  thief.close()
})

test('a server that is killed while Aura lives comes back, and the data with it', async () => {
  const aura = await start()
  const { serverPid: before = 0 } = databaseOf(aura)
  await sql(insert)
  process.kill(before, 'SIGKILL')
  await expect
    .poll(() => aura.messages.some((m) => m.includes('PostgreSQL is ready again')), { timeout: 10_000 })
    .toBe(true)
  expect(await count()).toBe(1)
  expect(aura.messages.filter((m) => /PostgreSQL ended by SIGKILL.*starting it again/.test(m))).toHaveLength(1)
})

test('lost passwords are replaced', async () => {
  const first = await start()
  await first.end('SIGTERM')
  rmSync(join(dataDir, 'postgres', 'aura.json'))
  const second = await start()
  expect(databaseOf(second).instanceId).toBe(databaseOf(first).instanceId)
  expect(second.messages.join('\n')).toContain('the database gets new passwords')
})
