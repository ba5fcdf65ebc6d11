import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startPostgres } from '../../support/postgres.ts'
import { createScraper, failing, value } from './exporter.ts'
import { bystander, expectDown, expectUp, major, settledSessions, timed } from './server-states.ts'

const check = test.skipIf(major === undefined)

check('a role without pg_monitor is told which grant it lacks', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await postgres.admin("create role plain login password 'secret'")
  await using scraper = createScraper(() => postgres.urlOf('plain'))
  const { page } = await timed(scraper)
  expect(value(page, 'pg_up')).toBe(1)
  expect(failing(page)).toEqual(expect.arrayContaining(['stat_activity', 'wal', 'stat_statements']))
  expect(page.has('pg_stat_activity_count')).toBe(false)
  const causes = scraper.log.map(({ fields }) => String((fields as { err?: Error }).err?.message))
  expect(causes.filter((cause) => cause.includes('GRANT pg_monitor')).length).toBeGreaterThan(1)
})

check('collect[] sends only what is asked for', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await using scraper = createScraper(() => postgres.url)
  await scraper.scrape({ collect: ['stat_archiver'], exclude: [] })
  await postgres.admin('select pg_stat_statements_reset()')
  const page = await scraper.scrape({ collect: ['stat_archiver'], exclude: [] })
  expect([...page.keys()].filter((name) => !/^pg_(stat_archiver|scrape_collector)_/.test(name))).toEqual([])
  const sent = await postgres.admin(
    "select query from pg_stat_statements where userid = 'exporter'::regrole and query not like 'set %'",
  )
  expect(sent.map(({ query }) => / from (pg_\w+)/.exec(String(query))?.[1])).toEqual(['pg_stat_archiver'])
})

check(
  'before the address is known there is pg_up 0; the password reaches no log; stopping ends the sessions',
  async () => {
    await using postgres = await startPostgres(major ?? 0)
    let url: string | undefined
    {
      await using scraper = createScraper(() => url)
      await expectDown(scraper)
      url = postgres.urlOf('exporter').replace('secret', 'wrong-word')
      await expectDown(scraper)
      url = postgres.url
      await expectUp(scraper)
      const said = scraper.log.map(
        (line) => `${JSON.stringify(line)} ${String((line.fields as { err?: Error }).err?.stack)}`,
      )
      expect(said.filter((line) => line.includes('wrong-word') || line.includes('secret'))).toEqual([])
    }
    expect(await settledSessions(postgres, 0)).toBe(0)
  },
)

check('who blocks whom', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await postgres.admin('create table t (a int); insert into t values (1)')
  await using scraper = createScraper(() => postgres.url)
  const [first, second, third] = await Promise.all([
    bystander(postgres.urlOf('postgres')),
    bystander(postgres.urlOf('postgres')),
    bystander(postgres.urlOf('postgres')),
  ])
  await first.query('begin; lock table t in access exclusive mode')
  const waiting = [second.query('begin; lock table t in share mode; commit'), third.query('select * from t')]
  await sleep(300)
  const { page } = await timed(scraper)
  expect(value(page, 'pg_blocking_blocked_sessions')).toBe(2)
  expect(value(page, 'pg_blocking_root_sessions')).toBe(1)
  expect(value(page, 'pg_blocking_oldest_wait_seconds')).toBeGreaterThan(0.1)
  expect(value(page, 'pg_locks_waiting', '{datname="postgres"}')).toBe(2)
  await first.query('rollback')
  await Promise.all(waiting)
  await Promise.all([first, second, third].map((client) => client.end()))
})

check('sizes that take too long are measured beside the scrape, and say how old they are', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await using scraper = createScraper(() => postgres.url, { size_budget: '0ms', size_interval: '1ms' })
  const first = await scraper.scrape()
  expect(value(first, 'pg_database_size_age_seconds')).toBe(0)
  await sleep(50)
  const second = await scraper.scrape()
  const age = value(second, 'pg_database_size_age_seconds') ?? 0
  expect(age).toBeGreaterThanOrEqual(0.05)
  expect(second.get('pg_database_size_bytes')?.samples).toEqual(first.get('pg_database_size_bytes')?.samples)
  await sleep(1000)
  const third = await scraper.scrape()
  expect(value(third, 'pg_database_size_age_seconds')).toBeLessThan(age + 1)
  expect(third.get('pg_database_size_bytes')?.samples.size).toBe(3)
  expect(await settledSessions(postgres, 2)).toBeLessThanOrEqual(2)
})
