import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createConnections } from '../../../src/exporters/postgres/connection.ts'
import { databasesConfig, type DatabasesConfig } from '../../../src/exporters/postgres/databases/config.ts'
import { createDatabaseCollectors } from '../../../src/exporters/postgres/databases/index.ts'
import { createRunner, everything, type Filter } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition } from '../../support/exposition.ts'
import { recordingLogger } from '../../support/logger.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { hold, major, scraper, successOf } from './databases.ts'
import { value } from './exporter.ts'

/** What a scrape may take when something is wrong, and a little for a busy machine. */
const bound = 3500

/** The collectors in question, so that nothing else fails or takes its time. */
const ours: Filter = { collect: ['databases', 'stat_user_tables'], exclude: [] }

const check = test.skipIf(major === undefined)
let server: TestPostgres

beforeAll(async () => {
  if (major === undefined) return
  server = await startPostgres(major)
  for (const name of ['app', 'second']) await server.admin(`create database ${name}`)
  await server.admin('create table orders as select generate_series(1, 5000) as id; create table locked ()', 'app')
  await server.admin('create table elsewhere ()', 'second')
  // PostgreSQL 13 and 14 count with a delay.
  await server.admin('select pg_sleep(1)', 'app')
})

// Lest one test that fails leaves the server frozen for those after it.
afterEach(() => server?.thaw())

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const family = 'pg_stat_user_tables_n_tup_ins'
const orders = '{datname="app",relname="orders",schemaname="public"}'
const locked = '{datname="app",relname="locked",schemaname="public"}'

check('a table under an exclusive lock loses its size only', async () => {
  await using _ = await hold(server, 'app', 'lock table locked in access exclusive mode')
  await using scrape = scraper(server)
  const page = await scrape.scrape()
  expect(value(page, 'pg_stat_user_tables_table_size_bytes', locked)).toBeUndefined()
  expect(value(page, 'pg_stat_user_tables_table_size_bytes', orders)).toBeGreaterThan(0)
  expect(value(page, 'pg_stat_user_tables_n_live_tup', locked)).toBe(0)
  expect(successOf(page, 'app')).toBe(1)
})

check('a catalogue under an exclusive lock fails its database, keeps the others, and recovers', async () => {
  await using scrape = scraper(server, { interval: '1s', statement_timeout: '1s' })
  await scrape.scrape()
  {
    await using _ = await hold(server, 'app', 'lock table pg_catalog.pg_index in access exclusive mode')
    await expect.poll(async () => successOf(await scrape.scrape(ours), 'app'), { timeout: 15_000 }).toBe(0)
    const page = await scrape.scrape(ours)
    expect(successOf(page, 'second')).toBe(1)
    expect(value(page, family, '{datname="second",relname="elsewhere",schemaname="public"}')).toBe(0)
    expect(value(page, family, orders), 'what was read before stays for a while').toBe(5000)
    expect(scrape.log.filter(({ message }) => message === 'database cannot be read in full')).toHaveLength(1)
  }
  await expect.poll(async () => successOf(await scrape.scrape(ours), 'app'), { timeout: 15_000 }).toBe(1)
  expect(scrape.log.filter(({ message }) => message === 'database can be read again')).toHaveLength(1)
})

check('a database dropped between discovery and visit is no failure', async () => {
  await server.admin('create database shortlived')
  const log = recordingLogger()
  const connections = createConnections({ url: () => server.url, statementTimeout: 1500, lockTimeout: 100 })
  const databases = createDatabaseCollectors(
    Value.Default(databasesConfig, {}) as DatabasesConfig,
    {
      async query(sql, signal) {
        const rows = await connections.query(sql, signal)
        await server.admin('drop database if exists shortlived')
        return rows
      },
      connect: connections.connect,
    },
    log,
  )
  const out = createExposition()
  await createRunner({ prefix: 'pg', collectors: databases.collectors }, log).scrape(everything, 3000, out)
  await databases.stop()
  await connections.stop()
  const page = parseExposition(out.text())
  expect(successOf(page, 'shortlived')).toBeUndefined()
  expect(successOf(page, 'app')).toBe(1)
  expect(value(page, 'pg_databases_visited')).toBe(3)
  expect(log.lines).toEqual([])
})

check('a frozen server delays no scrape beyond its deadline, and is back with the first scrape after', async () => {
  await using scrape = scraper(server)
  await server.freeze()
  const start = performance.now()
  const page = await scrape.scrape(everything, 3000)
  expect(performance.now() - start).toBeLessThan(bound)
  expect(value(page, 'pg_scrape_collector_success', '{collector="stat_user_tables"}')).toBe(0)
  expect(page.has(family)).toBe(false)
  await server.thaw()
  expect(value(await scrape.scrape(), family, orders)).toBe(5000)
})

check('a server that freezes later is served from what was read, which vanishes at its age', async () => {
  await using scrape = scraper(server, { interval: '1s', max_age: '3s', statement_timeout: '1s' })
  await scrape.scrape()
  await server.freeze()
  expect(value(await scrape.scrape(ours), family, orders)).toBe(5000)
  await expect.poll(async () => (await scrape.scrape(ours, 500)).has(family), { timeout: 30_000 }).toBe(false)
  await server.thaw()
  expect(value(await scrape.scrape(), family, orders)).toBe(5000)
})

async function count(): Promise<number> {
  const sql = "select count(*)::int as n from pg_stat_activity where usename = 'exporter'"
  const [row] = await server.admin(sql)
  return row?.['n'] as number
}

check('scrapes share one round, hold at most two connections, and leave none behind', async () => {
  await expect.poll(count, { timeout: 5000 }).toBe(0)
  const seen: number[] = []
  {
    await using scrape = scraper(server)
    const scrapes = Promise.all([scrape.scrape(), scrape.scrape(), scrape.scrape()])
    for (let i = 0; i < 5; i++) seen.push(await count())
    const [page] = await scrapes
    expect(value(page ?? new Map(), 'pg_databases_rounds_total')).toBe(1)
  }
  expect(Math.max(...seen)).toBeLessThanOrEqual(2)
  await expect.poll(count, { timeout: 5000 }).toBe(0)
})

check('visits cease when nobody scrapes', async () => {
  await using scrape = scraper(server, { interval: '1s', idle: '1s' })
  await scrape.scrape()
  await sleep(5000)
  expect(value(await scrape.scrape(), 'pg_databases_rounds_total')).toBeLessThanOrEqual(2)
})
