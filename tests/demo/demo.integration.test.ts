import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { startEmbedded } from '../../src/database/embedded/index.ts'
import { urlFor } from '../../src/database/embedded/bootstrap.ts'
import { readCredentials } from '../../src/database/embedded/credentials.ts'
import { sendLine } from '../../src/demo/control/socket.ts'
import { faultNames } from '../../src/demo/faults/index.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { enter } from '../boards/people.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { addressesOf, alone } from '../support/browser.ts'
import { quiet } from '../support/logger.ts'
import { shown, sum, type Shown } from './shown.ts'

// A running demonstration with accounts: what its traffic fills, what each fault shows, and that nothing of it stays.

let directory = ''
let demo: AuraProcess
let metrics = ''

const page = async (name: Shown['page']): Promise<string> =>
  (await fetch(`${metrics}/metrics${name === '' ? '' : `/${name}`}`)).text()

/** Resolves once this number is so; rejects with the last one after a while. */
async function until({ page: name, value }: Shown, is: (value: number) => boolean): Promise<void> {
  let last: number | undefined
  for (const end = Date.now() + 50_000; Date.now() < end;) {
    last = value(await page(name))
    if (is(last ?? 0)) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`the number on /metrics/${name} stays at ${last}`)
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aura-demo-'))
  // The database's own account has to get in.
  chmodSync(directory, 0o755)
  const file = join(directory, 'aura.yaml')
  const exporters = { postgres: { databases: { interval: '5s' } }, gpu: { poll_interval: '1s', poll_timeout: '1s' } }
  writeFileSync(file, stringify({ exporters, audit: { checkpoint_interval: '1s' } }))
  demo = runAura(['demo', '--config', file, '--fault', 'gpu-hot', '--for', '20m'], {
    ...alone,
    AURA_AUTH_MODE: 'accounts',
    AURA_DATA_DIR: directory,
    AURA_DATABASE_EMBEDDED_PORT: String(await findFreePort(27_432)),
  })
  metrics = (await addressesOf(demo)).metrics
  const [link] = await demo.until(/http:\S+\/setup#token=\S+/)
  await enter(link, 'ada')
}, 120_000)
afterAll(async () => {
  await demo?.[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

const control = (): string => join(directory, 'demo')

/** Beginning, for as long as it takes to be seen, and end. */
async function bringAbout(name: keyof typeof shown, all: readonly Shown[]): Promise<string> {
  const before = await Promise.all(all.map(async ({ page: where, value }) => value(await page(where)) ?? 0))
  const said = await sendLine(control(), `fault ${name} for 5m`)
  if (said.includes('cannot be had here')) return said
  expect(said).toMatch(new RegExp(`^${name} has begun`))
  for (const [at, one] of all.entries())
    await until(one, (value) => value - (one.counts ? (before[at] ?? 0) : 0) > one.above)
  expect(await sendLine(control(), `end ${name}`)).toBe(`${name} has ended`)
  for (const one of all) if (!one.counts) await until(one, (value) => value <= one.above)
  return said
}

describe('a demonstration', () => {
  test('says that it is one, and begins with the faults asked for', async () => {
    expect(demo.output()).toMatch(/THIS IS A DEMO/)
    await demo.until(/demo: gpu-hot has begun, for 20 minutes/)
    expect(await sendLine(control(), 'end gpu-hot')).toBe('gpu-hot has ended')
  })

  test.each<readonly [string, Shown['page'], string, string]>([
    ['people look at pages', '', 'http_server_request_duration_seconds_count', '/api/models/status'],
    ['and at some that are not there', '', 'http_server_request_duration_seconds_count', '"404"'],
    ['the console is open somewhere', '', 'aura_bridge_connections', 'transport="websocket"'],
    ['the database has work', 'postgres', 'pg_stat_user_tables_n_tup_upd', 'schemaname="aura_demo"'],
    ['whole tables are read', 'postgres', 'pg_stat_user_tables_seq_scan', 'relname="orders"'],
    ['a model is loaded', 'ollama', 'ollama_loaded_models', ''],
    ['the card holds it', 'gpu', 'gpu_memory_used_bytes', ''],
  ])('%s', async (_what, where, name, labels) => {
    await until({ page: where, above: 0, value: (text) => sum(text, name, labels) }, (value) => value > 0)
  })

  test('knows no other faults than those that are shown', () => {
    expect(Object.keys(shown).toSorted()).toEqual(faultNames.toSorted())
  })

  test.each(faultNames)('shows %s and puts it right again', { timeout: 120_000 }, async (name) => {
    const where = shown[name]
    if (where === 'clients') return
    const said = await bringAbout(name, where)
    if (said.includes('cannot be had here')) console.warn(`skipped: ${said}`)
  })

  test('ends with everything of its own removed', { timeout: 90_000 }, async () => {
    await sendLine(control(), 'fault pg-blocked,pg-connections,pg-long-transaction,sockets-storm,ollama-down,cpu-busy')
    expect(await demo.stop('SIGINT')).toBe(0)
    expect(demo.output()).not.toMatch(/not everything was cleared away|not cleanly/)
    expect(existsSync(join(control(), 'demo.sock'))).toBe(false)
    const server = await startEmbedded({ dataDir: control(), port: 0 }, quiet)
    try {
      const credentials = readCredentials(join(control(), 'postgres'))
      if (credentials === undefined) throw new Error('the server has no credentials')
      const client = new Client({ connectionString: urlFor('postgres', credentials) })
      await client.connect()
      const { rows } = await client.query(`select nspname as name from pg_namespace where nspname like 'aura_demo%'
        union all select rolname from pg_roles where rolname like 'aura_demo%'`)
      const tokens = await client.query('select id from aura.token')
      await client.end()
      expect([rows, tokens.rows]).toEqual([[], []])
    } finally {
      await server.stop()
    }
  })
})
