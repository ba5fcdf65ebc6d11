import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createScraper, failing, value } from './exporter.ts'
import { bound, bystander, expectDown, expectUp, major, settledSessions, timed } from './server-states.ts'

const check = test.skipIf(major === undefined)
const start = (settings = {}): Promise<TestPostgres> => startPostgres(major ?? 0, settings)

check('frozen: answered in time, nothing piles up, back within one scrape', async () => {
  await using postgres = await start()
  await using scraper = createScraper(() => postgres.url)
  await expectUp(scraper)
  await postgres.freeze()
  for (let scrape = 0; scrape < 3; scrape++) await expectDown(scraper)
  await postgres.thaw()
  await expectUp(scraper)
  expect(await settledSessions(postgres, 2)).toBeLessThanOrEqual(2)
})

check('stopped and started: back within one scrape', async () => {
  await using postgres = await start()
  await using scraper = createScraper(() => postgres.url)
  await expectUp(scraper)
  await postgres.stop()
  for (let scrape = 0; scrape < 3; scrape++) await expectDown(scraper)
  await postgres.start()
  await expectUp(scraper)
  const warnings = scraper.log.filter(({ fields }) => JSON.stringify(fields).includes('"collector":"locks"'))
  expect(warnings.map(({ message }) => message)).toEqual(['collector fails', 'collector works again'])
})

check('out of connections: says so, and is back once one is free', async () => {
  await using postgres = await start({ max_connections: '6', superuser_reserved_connections: '3' })
  await postgres.admin("create role greedy login password 'secret'")
  await using scraper = createScraper(() => postgres.url)
  const clients = await Promise.all([1, 2, 3].map(() => bystander(postgres.urlOf('greedy'))))
  await expectDown(scraper)
  const causes = scraper.log.map(({ fields }) => String((fields as { err?: Error }).err?.message))
  expect(causes.some((cause) => /connection slots|too many clients/.test(cause))).toBe(true)
  await Promise.all(clients.map((client) => client.end()))
  await sleep(200)
  await expectUp(scraper)
})

check('a lock on a catalogue: only what reads it fails', async () => {
  await using postgres = await start()
  await using scraper = createScraper(() => postgres.url)
  await expectUp(scraper)
  const holder = await bystander(postgres.urlOf('postgres'))
  await holder.query('begin; lock table pg_catalog.pg_database in access exclusive mode')
  const { page, ms } = await timed(scraper)
  expect(ms).toBeLessThan(bound)
  expect(value(page, 'pg_up')).toBe(1)
  expect(value(page, 'pg_exporter_last_scrape_error')).toBe(1)
  expect(failing(page)).toContain('database')
  expect(page.has('pg_wal_segments')).toBe(true)
  expect(page.has('pg_stat_archiver_archived_count')).toBe(true)
  await holder.query('rollback')
  await holder.end()
  await expectUp(scraper)
  expect(await settledSessions(postgres, 2)).toBeLessThanOrEqual(2)
})

check('its session terminated: the next scrape opens another', async () => {
  await using postgres = await start()
  await using scraper = createScraper(() => postgres.url)
  await expectUp(scraper)
  await postgres.admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'exporter'")
  await sleep(100)
  await expectUp(scraper)
})
