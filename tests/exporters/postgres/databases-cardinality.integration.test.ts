import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Family } from '../../support/exposition.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { major, scraper } from './databases.ts'
import { failing, value } from './exporter.ts'

const databases = 50
const tables = 1000

const check = test.skipIf(major === undefined)
let server: TestPostgres

// One database is filled and the others are copies of its files.
beforeAll(async () => {
  if (major === undefined) return
  server = await startPostgres(major, { full_page_writes: 'off', autovacuum: 'off', max_wal_size: "'8GB'" })
  await server.admin('create database db01')
  await server.admin(
    `do $$ begin for i in 1..${tables} loop execute format('create table t%s (id int)', i); end loop;
       for i in 1..50 loop execute format('create index on t%s (id)', i); end loop; end $$`,
    'db01',
  )
  for (let i = 2; i <= databases; i++) {
    await server.admin(`create database db${String(i).padStart(2, '0')} template db01 strategy file_copy`)
  }
  await server.admin('insert into t7 select generate_series(1, 1000)', 'db33')
}, 180_000)

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const seriesOf = (page: Map<string, Family>): number =>
  [...page.values()].reduce((sum, { samples }) => sum + samples.size, 0)

const sumOf = (page: Map<string, Family>, name: string): number =>
  [...(page.get(name)?.samples.values() ?? [])].reduce((sum, one) => sum + one, 0)

check(
  '1,000 tables in each of 50 databases stay under 5,000 series, with the cut visible and nothing lost',
  async () => {
    await using scrape = scraper(server)
    let page = new Map<string, Family>()
    await expect
      .poll(async () => (page = await scrape.scrape()).has('pg_stat_user_tables_seq_scan'), { timeout: 120_000 })
      .toBe(true)
    expect(failing(page)).toEqual([])
    expect(seriesOf(page)).toBeLessThan(5000)
    expect(value(page, 'pg_databases_visited')).toBe(databases + 1)
    expect(sumOf(page, 'pg_database_tables')).toBe(databases * tables)
    expect(value(page, 'pg_databases_series')).toBeLessThanOrEqual(value(page, 'pg_databases_series_budget') ?? 0)
    const folded = value(page, 'pg_databases_rows_folded', '{kind="tables"}') ?? 0
    const shown = [...(page.get('pg_stat_user_tables_seq_scan')?.samples.keys() ?? [])].filter(
      (labels) => !labels.includes('"other"'),
    ).length
    expect(shown).toBeGreaterThan(5)
    expect(folded).toBe(databases * tables - shown)
    expect(value(page, 'pg_databases_series_dropped', '{kind="tables"}')).toBeGreaterThan(folded)
    expect(value(page, 'pg_stat_user_tables_n_tup_ins', '{datname="db33",relname="t7",schemaname="public"}')).toBe(1000)
    expect(sumOf(page, 'pg_stat_user_tables_n_tup_ins')).toBe(1000)
    const again = await scrape.scrape()
    for (const name of ['pg_stat_user_tables_seq_scan', 'pg_stat_user_indexes_size_bytes']) {
      expect([...(again.get(name)?.samples.keys() ?? [])]).toEqual([...(page.get(name)?.samples.keys() ?? [])])
    }
  },
  180_000,
)
