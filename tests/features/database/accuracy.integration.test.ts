import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createPostgresExporter } from '../../../src/exporters/postgres/index.ts'
import { kinds } from '../../../src/exporters/postgres/databases/columns.ts'
import { createRunner } from '../../../src/exporters/runner.ts'
import type { DatabaseHealth } from '../../../src/features/database/contract.ts'
import { createReadings } from '../../../src/features/database/read.ts'
import { createDatabaseState } from '../../../src/features/database/state.ts'
import { defaults } from '../../exporters/postgres/exporter.ts'
import { quiet } from '../../support/logger.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { expectContract } from '../support.ts'
import type { Take } from '../../../src/features/feature.ts'

const major = [18, 17, 16, 15, 14, 13].find((candidate) => findPostgres(candidate) !== undefined)
if (major === undefined) console.warn('skipped: accuracy of the database panel: no PostgreSQL is installed')
const check = test.skipIf(major === undefined)

const tableColumns = kinds.tables.map(({ metric }) => metric.name)

function healthOf(postgres: TestPostgres): () => Promise<DatabaseHealth> {
  // Sizes are measured for each reading, however long that takes.
  const options = defaults({ size_budget: '10m', statements: { ...defaults().statements, text: true } })
  const exporter = createPostgresExporter({ ...options, url: () => postgres.url }, { log: quiet })
  onTestFinished(() => exporter.stop?.())
  const source: { take: Take } = createRunner(exporter, quiet)
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const readings = createReadings(source.take, clock, 0)
  const stateOf = createDatabaseState({ embedded: false, longTransaction: 0, statements: 50, tables: 50, tableColumns })
  return async () => stateOf(await readings())
}

async function session(postgres: TestPostgres, ...statements: string[]): Promise<Client> {
  const client = new Client({ connectionString: postgres.urlOf('postgres') })
  client.on('error', () => undefined)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  onTestFinished(() => client.end())
  return client
}

interface Catalogue {
  readonly states: Record<string, number>
  readonly waiting: number
  readonly databases: Record<string, { readonly connections: number; readonly bytes: number }>
  readonly commits: number
}

/** The catalogue views themselves, without the exporter's own session and this one. */
async function catalogue(postgres: TestPostgres): Promise<Catalogue> {
  const [row] = await postgres.admin(`select
    (select coalesce(json_object_agg(state, n), '{}') from (select state, count(*)::int n from pg_stat_activity
      where datname is not null and state is not null and usename <> 'exporter' and pid <> pg_backend_pid()
      group by 1) s) as states,
    (select count(*)::int from pg_locks where not granted and database is not null) as waiting,
    (select json_object_agg(datname, json_build_object('connections', numbackends, 'bytes',
      pg_database_size(datid))) from pg_stat_database where datname is not null) as databases,
    (select sum(xact_commit)::int from pg_stat_database) as commits`)
  return row as unknown as Catalogue
}

/** A value that the views had before and after the reading is the value shown; one that moved lies between them. */
function between(shown: number | undefined, before: number, after: number): void {
  expect(shown).toBeGreaterThanOrEqual(Math.min(before, after))
  expect(shown).toBeLessThanOrEqual(Math.max(before, after))
}

const acts = fc.array(
  fc.record({
    idle: fc.integer({ min: 0, max: 3 }),
    open: fc.integer({ min: 0, max: 3 }),
    rows: fc.integer({ min: 0, max: 2000 }),
  }),
  { minLength: 1, maxLength: 3 },
)

check('property 5, Database accuracy: health agrees with the catalogue views read at the same moment', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await postgres.admin('create table t (a int)')
  const health = healthOf(postgres)
  await health()
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      for (const { idle, open, rows } of steps) {
        const clients: Client[] = []
        try {
          for (let i = 0; i < idle + open; i++) clients.push(await session(postgres))
          for (const client of clients.slice(idle)) await client.query('begin; select 1')
          await postgres.admin(`insert into t select generate_series(1, ${rows})`)
          // Sessions that have just ended vanish from the views a moment later.
          await sleep(50)
          const before = await catalogue(postgres)
          const shown = await health()
          const after = await catalogue(postgres)
          expectContract('database', shown)
          expect(shown.state).toMatchObject({
            up: true,
            embedded: false,
            version: `${major}.` + shown.state.version?.split('.').slice(1).join('.'),
          })
          expect(shown.failing).toEqual({})
          expect(shown.connections.max).toBe(30)
          for (const state of ['idle', 'idle in transaction']) {
            between(shown.connections.byState[state] ?? 0, before.states[state] ?? 0, after.states[state] ?? 0)
          }
          expect(shown.connections.byState['idle in transaction'] ?? 0).toBe(open)
          expect(shown.longTransactions.some(({ state }) => state === 'idle in transaction')).toBe(open > 0)
          between(shown.locks.waiting, before.waiting, after.waiting)
          expect(shown.databases.map(({ name }) => name).toSorted()).toEqual(Object.keys(before.databases).toSorted())
          for (const { name, bytes, xidAge } of shown.databases) {
            const [was, is] = [before.databases[name], after.databases[name]]
            between(bytes, was?.bytes ?? 0, is?.bytes ?? 0)
            expect(xidAge).toBeGreaterThanOrEqual(0)
          }
          for (const rate of Object.values(shown.activity)) expect(rate).toBeGreaterThanOrEqual(0)
          if (shown.activity.cacheHit !== undefined) expect(shown.activity.cacheHit).toBeLessThanOrEqual(1)
        } finally {
          await Promise.all(clients.map((client) => client.end()))
        }
      }
    }),
    { numRuns: 6 },
  )
})

check('who waits for whom, what was written, statements and tables', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await postgres.admin('create table jobs (id int, note text); insert into jobs select generate_series(1, 500)')
  await postgres.admin('analyze jobs')
  const holder = await session(postgres, 'begin', 'update jobs set id = id where id = 1')
  const waiter = await session(postgres)
  const waiting = waiter.query('update jobs set id = id where id = 1')
  const [pids] = await postgres.admin(`select
    (select pid from pg_stat_activity where state = 'idle in transaction' limit 1) as holder,
    (select pid from pg_stat_activity where query like 'update jobs%' and state = 'active' limit 1) as waiter`)
  const health = healthOf(postgres)
  await health()
  await sleep(1500)
  const shown = await health()
  expectContract('database', shown)
  expect(shown.locks.chains).toEqual([
    expect.objectContaining({ blocked: pids?.['waiter'], blocking: pids?.['holder'], user: 'postgres' }),
  ])
  expect(shown.locks.chains[0]?.seconds).toBeGreaterThan(1)
  expect(shown.tables).toContainEqual(expect.objectContaining({ schema: 'public', name: 'jobs', live: 500 }))
  expect(shown.statements.length).toBeGreaterThan(0)
  expect(shown.statements.some(({ text }) => text?.includes('jobs'))).toBe(true)
  expect(shown.replication).toMatchObject({ isReplica: false, replicas: 0 })
  await holder.query('commit')
  await waiting
  expect((await health()).locks.chains).toEqual([])
})

check('a server that goes away is down with the reason, its parts are empty; back, it is up since then', async () => {
  await using postgres = await startPostgres(major ?? 0)
  const health = healthOf(postgres)
  const { state } = await health()
  expect(state.up).toBe(true)
  await postgres.stop()
  const down = await health()
  expectContract('database', down)
  expect(down.state).toMatchObject({ up: false, version: state.version, reason: expect.any(String) })
  expect(down.state.since).toBeGreaterThan(state.since)
  expect(JSON.stringify(down)).not.toContain('secret')
  expect(down).toMatchObject({ databases: [], connections: { used: 0, byState: {} }, failing: {}, activity: {} })
  await postgres.start()
  const again = await health()
  expect(again.state.up).toBe(true)
  expect(again.state.since).toBeGreaterThan(down.state.since)
  expect(Object.values(again.activity).every((rate) => rate >= 0)).toBe(true)
})
