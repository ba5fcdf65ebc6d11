import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { majors, scraper } from './databases.ts'
import { value } from './exporter.ts'

const servers = new Map<number, TestPostgres>()

async function fill(server: TestPostgres): Promise<void> {
  for (const name of ['app', 'second', 'private', 'model']) await server.admin(`create database ${name}`)
  await server.admin('revoke connect on database private from public')
  await server.admin('alter database model is_template true')
  await server.admin(
    `create table orders (id int generated always as identity primary key, note text);
       create index orders_note on orders (note);
       create table empty (id smallint);
       create sequence nearly as smallint; select setval('nearly', 32000);
       create sequence narrow; alter sequence narrow owned by empty.id; select setval('narrow', 30000);
       create sequence secret; grant select on nearly, narrow to exporter;
       insert into orders (note) select repeat('x', 100) || i from generate_series(1, 5000) i;
       create function twice(int) returns int language plpgsql as 'begin return $1 * 2; end';
       create function twice(text) returns text language plpgsql as 'begin return $1 || $1; end';
       select twice(1), twice('a')`,
    'app',
  )
  await server.admin('vacuum analyze orders', 'app')
  await server.admin('create table elsewhere (id int)', 'second')
  await server.admin("update pg_index set indisvalid = false where indexrelid = 'orders_note'::regclass", 'app')
  // PostgreSQL 13 and 14 count with a delay.
  await server.admin('select pg_sleep(1)')
}

beforeAll(async () => {
  for (const major of majors) {
    const server = await startPostgres(major, { track_functions: "'all'" })
    servers.set(major, server)
    await fill(server)
  }
})

afterAll(async () => {
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
})

const sequence = (name: string): string => `{datname="app",schemaname="public",sequencename="${name}"}`
const orders = '{datname="app",relname="orders",schemaname="public"}'

/** A test of one version of the server. */
function check(major: number, name: string, body: (server: TestPostgres) => Promise<void>): void {
  test(`PostgreSQL ${major}: ${name}`, () => body(servers.get(major) as TestPostgres))
}

for (const major of majors) {
  check(
    major,
    'the first scrape is complete: tables, indexes, functions and sequences of every database',
    async (server) => {
      await using scrape = scraper(server)
      const page = await scrape.scrape()
      expect(value(page, 'pg_stat_user_tables_n_tup_ins', orders)).toBe(5000)
      expect(value(page, 'pg_stat_user_tables_n_live_tup', orders)).toBe(5000)
      expect(value(page, 'pg_stat_user_tables_vacuum_count', orders)).toBe(1)
      expect(value(page, 'pg_stat_user_tables_last_vacuum', orders)).toBeGreaterThan(Date.now() / 1000 - 3600)
      expect(
        value(page, 'pg_stat_user_tables_n_tup_ins', '{datname="second",relname="elsewhere",schemaname="public"}'),
      ).toBe(0)
      expect(page.get('pg_stat_user_tables_last_vacuum')?.samples.size).toBe(1)
      expect(value(page, 'pg_statio_user_tables_heap_blocks_hit', orders)).toBeGreaterThan(0)
      const index = '{datname="app",indexrelname="orders_note",relname="orders",schemaname="public"}'
      expect(value(page, 'pg_statio_user_indexes_idx_blks_hit_total', index)).toBeGreaterThan(0)
      expect(
        value(page, 'pg_stat_user_functions_calls_total', '{datname="app",funcname="twice",schemaname="public"}'),
      ).toBe(2)
      expect(value(page, 'pg_index_invalid', index)).toBe(1)
      expect(value(page, 'pg_databases_indexes_invalid')).toBe(1)
      expect(value(page, 'pg_sequence_used_ratio', sequence('nearly'))).toBeCloseTo(32000 / 32767, 3)
      expect(value(page, 'pg_sequence_used_ratio', sequence('narrow'))).toBeCloseTo(30000 / 32767, 3)
      expect(value(page, 'pg_databases_sequences_unreadable')).toBe(2)
      expect(value(page, 'pg_scrape_collector_success', '{collector="databases"}')).toBe(1)
      expect(scrape.log.filter(({ level }) => level !== 'debug')).toEqual([])
    },
  )

  check(major, 'sizes are those that the server gives', async (server) => {
    await using scrape = scraper(server)
    const page = await scrape.scrape()
    const sql = "select pg_table_size('orders')::int as t, pg_indexes_size('orders')::int as i"
    const [sizes] = await server.admin(sql, 'app')
    expect(value(page, 'pg_stat_user_tables_table_size_bytes', orders)).toBe(sizes?.['t'])
    expect(value(page, 'pg_stat_user_tables_index_size_bytes', orders)).toBe(sizes?.['i'])
  })

  check(major, 'types and label keys are those of postgres_exporter', async (server) => {
    await using scrape = scraper(server)
    const page = await scrape.scrape()
    const table = ['datname', 'relname', 'schemaname']
    const gauges = /_(n_live_tup|n_dead_tup|n_mod_since_analyze|last_\w+|\w+_size_bytes)$/
    const tables = [...page].filter(([name]) => /^pg_stat(io)?_user_tables_/.test(name))
    expect(tables).toHaveLength(21 + 8 - 2)
    for (const [name, { type, labels }] of tables) {
      expect({ name, type, labels }).toEqual({ name, type: gauges.test(name) ? 'gauge' : 'counter', labels: table })
    }
    for (const name of ['pg_statio_user_indexes_idx_blks_read_total', 'pg_statio_user_indexes_idx_blks_hit_total']) {
      const { type, labels } = page.get(name) ?? {}
      expect({ type, labels }).toEqual({
        type: 'counter',
        labels: ['datname', 'indexrelname', 'relname', 'schemaname'],
      })
    }
  })

  check(major, 'databases that cannot be visited are counted by reason', async (server) => {
    await using scrape = scraper(server, { exclude: ['sec*'] })
    const page = await scrape.scrape()
    const skipped = Object.fromEntries(page.get('pg_databases_skipped')?.samples ?? [])
    expect(skipped).toEqual({
      '{reason="closed"}': 1,
      '{reason="template"}': 2,
      '{reason="privilege"}': 1,
      '{reason="excluded"}': 1,
      '{reason="limit"}': 0,
    })
    expect([...(page.get('pg_database_scrape_success')?.samples.keys() ?? [])]).toEqual([
      '{datname="postgres"}',
      '{datname="app"}',
    ])
  })

  check(major, 'as many series are published as are counted against the budget', async (server) => {
    await using scrape = scraper(server)
    const collect = ['databases', 'stat_user_tables', 'statio_user_tables', 'stat_user_indexes']
    collect.push('statio_user_indexes', 'stat_user_functions')
    const page = await scrape.scrape({ collect, exclude: [] })
    const published = [...page]
      .filter(([name]) => !name.startsWith('pg_scrape_collector_'))
      .reduce((sum, [, { samples }]) => sum + samples.size, 0)
    expect(value(page, 'pg_databases_series')).toBe(published)
  })
}
