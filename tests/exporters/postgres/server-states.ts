import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { expect } from 'vitest'
import type { Family } from '../../support/exposition.ts'
import { findPostgres, type TestPostgres } from '../../support/postgres.ts'
import { failing, value, type Scraper } from './exporter.ts'

/** Deadline of a scrape, and the bound on its answer, in milliseconds. */
const deadline = 2000
export const bound = 3000

/** The newest PostgreSQL that is installed; `undefined`, said once, where there is none. */
export const major = [18, 17, 16, 15, 14, 13].find((candidate) => findPostgres(candidate) !== undefined)
if (major === undefined) console.warn('skipped: faults and behaviour of PostgreSQL: no PostgreSQL is installed')

/** One scrape and how long it took, in milliseconds. */
export async function timed(scraper: Scraper): Promise<{ page: Map<string, Family>; ms: number }> {
  const start = performance.now()
  const page = await scraper.scrape(undefined, deadline)
  return { page, ms: performance.now() - start }
}

async function sessions(postgres: TestPostgres): Promise<number> {
  const [row] = await postgres.admin("select count(*)::int as n from pg_stat_activity where usename = 'exporter'")
  return Number(row?.['n'])
}

/** The count of the exporter's sessions, once those that are ending have ended. */
export async function settledSessions(postgres: TestPostgres, most: number): Promise<number> {
  for (let tries = 0; tries < 30; tries++) {
    const count = await sessions(postgres)
    if (count <= most) return count
    await sleep(100)
  }
  return sessions(postgres)
}

/** Answered in time with `pg_up 0` and without a stale series. */
export async function expectDown(scraper: Scraper): Promise<void> {
  const { page, ms } = await timed(scraper)
  expect(ms).toBeLessThan(bound)
  expect(value(page, 'pg_up')).toBe(0)
  expect(value(page, 'pg_exporter_last_scrape_error')).toBe(1)
  expect(page.has('pg_locks_count')).toBe(false)
}

/** The server answers and every collector works that this major has. */
export async function expectUp(scraper: Scraper): Promise<void> {
  const { page } = await timed(scraper)
  expect(value(page, 'pg_up')).toBe(1)
  expect(failing(page).filter((name) => !name.startsWith('stat_io') && !name.startsWith('stat_wal'))).toEqual([])
}

/** A connection of a bystander, who is not surprised when the server goes away. */
export async function bystander(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
