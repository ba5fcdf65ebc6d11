import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Family } from '../../support/exposition.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createScraper } from '../../exporters/postgres/exporter.ts'
import { postgresql } from './postgresql.ts'

const majors = [13, 14, 15, 16, 17, 18].filter((major) => findPostgres(major) !== undefined)
if (majors.length === 0) console.warn('skipped: names of board 9628: no PostgreSQL is installed')

describe.each(majors)('board 9628 on PostgreSQL %i', (major) => {
  const stack = new AsyncDisposableStack()
  let server: TestPostgres
  let page: Map<string, Family>

  beforeAll(async () => {
    server = stack.use(await startPostgres(major))
    const scraper = stack.use(createScraper(() => server.url))
    await scraper.scrape()
    page = await scraper.scrape()
  })
  afterAll(() => stack.disposeAsync())

  // 17 moved checkpoints, and the writes of sessions, to other views; the board still asks for the old names.
  test.each(postgresql)('%s', (name) => {
    expect(page.get(name)?.samples.size).toBeGreaterThan(0)
  })

  test('the labels it chooses by are there', () => {
    expect(page.get('pg_static')?.labels).toEqual(expect.arrayContaining(['short_version', 'version']))
    expect(page.get('pg_stat_activity_count')?.labels).toEqual(expect.arrayContaining(['datname', 'state']))
    expect(page.get('pg_locks_count')?.labels).toEqual(expect.arrayContaining(['datname', 'mode']))
  })
})
