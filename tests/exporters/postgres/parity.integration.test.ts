import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { postgresExporter, startPostgresExporter } from '../../support/peers/postgres-exporter.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createScraper } from './exporter.ts'

const programs = findPostgres(15)
const missing =
  postgresExporter === undefined
    ? 'postgres_exporter is not installed'
    : (programs === undefined || !existsSync(join(programs, 'pg_receivewal'))) &&
      'the programs of PostgreSQL 15 are not installed'
if (missing !== false) console.warn(`skipped: parity with postgres_exporter: ${missing}`)

/** Families whose values need not agree, and why. Their TYPE and label keys must. */
const ownValues: Readonly<Record<string, string>> = {
  pg_exporter_last_scrape_duration_seconds: 'each exporter times itself',
  pg_exporter_scrapes_total: 'each exporter counts itself',
  pg_scrape_collector_duration_seconds: 'each exporter times itself',
  pg_scrape_collector_success: 'collectors are named and cut differently',
  pg_stat_activity_count: 'the peer counts its own session, we leave ours out as its newer releases do',
  pg_stat_activity_max_tx_duration: 'the same',
  pg_locks_count: 'each exporter sees the locks of its own statement',
  pg_settings_extra_float_digits: "the peer's driver changes it for its own session",
  pg_stat_replication_reply_time: 'as pg_stat_replication_pg_wal_lsn_diff',
  pg_stat_replication_pg_current_wal_lsn_bytes: 'we fill slot_name, as newer releases do; the peer leaves it empty',
  pg_stat_replication_pg_wal_lsn_diff: 'the same',
}

/** Families that the peer publishes as NaN, "not known", which we leave out. */
const unknown = ['pg_stat_database_checksum_last_failure', 'pg_stat_replication_pg_wal_lsn_diff']

type Page = Map<string, Family>

/** A receiver of WAL, so that the server has a replica to show; it replays nothing. */
function startReceiver(postgres: TestPostgres, folder: string): AsyncDisposable {
  const program = join(programs ?? '', 'pg_receivewal')
  const child = spawn(program, ['-D', folder, '--slot=replica', '--no-password', '-d', postgres.urlOf('postgres')], {
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  return {
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
    },
  }
}

/** A server with something in every family. */
async function prepare(stack: AsyncDisposableStack): Promise<TestPostgres> {
  const postgres = stack.use(await startPostgres(15, { archive_mode: 'on', archive_command: "'true'" }))
  await postgres.admin("select pg_create_physical_replication_slot('replica', true)")
  await postgres.admin("select pg_create_logical_replication_slot('logical', 'test_decoding')")
  await postgres.admin('create table t as select generate_series(1, 1000) as a')
  await postgres.admin('create database one')
  await postgres.admin('create database two connection limit 7')
  await postgres.admin('select pg_stat_reset(), pg_switch_wal()')
  const folder = await mkdtemp(join(tmpdir(), 'aura-receivewal-'))
  stack.defer(() => rm(folder, { recursive: true }))
  stack.use(startReceiver(postgres, folder))
  for (let tries = 0; tries < 50; tries++) {
    const [row] = await postgres.admin(`select archived_count > 0 and
      exists (select from pg_stat_replication where state = 'streaming') as ready from pg_stat_archiver`)
    if (row?.['ready'] === true) break
    await sleep(100)
  }
  return postgres
}

const isKnown = ({ samples }: Family): boolean => [...samples.values()].some((value) => !Number.isNaN(value))
const shapeIn = (page: Page) => (name: string) => [name, page.get(name)?.type, page.get(name)?.labels.join(' ')]
const seriesOf = (page: Page, name: string): string[] => [...(page.get(name)?.samples.keys() ?? [])].toSorted()

describe.skipIf(missing !== false)('parity with postgres_exporter on PostgreSQL 15', () => {
  const stack = new AsyncDisposableStack()
  let peer: Page
  let before: Page
  let after: Page

  beforeAll(async () => {
    const postgres = await prepare(stack)
    const exporter = stack.use(await startPostgresExporter(postgres.url))
    const ours = stack.use(createScraper(() => postgres.url, { server_label: true, size_budget: '10s' }))
    await exporter.scrape()
    await ours.scrape()
    before = await ours.scrape()
    peer = parseExposition(await exporter.scrape())
    after = await ours.scrape()
  })
  afterAll(() => stack.disposeAsync())

  const families = (): [string, Family][] => [...peer].filter(([name]) => name.startsWith('pg_'))

  test('every family is there, with the same TYPE and label keys', () => {
    const names = families().map(([name]) => name)
    expect(names.length).toBeGreaterThan(300)
    expect(families().flatMap(([name, family]) => (isKnown(family) ? [] : [name]))).toEqual(unknown)
    const wanted = names.filter((name) => !unknown.includes(name))
    expect(wanted.map(shapeIn(after))).toEqual(wanted.map(shapeIn(peer)))
  })

  test('every series is there, and its value lies between ours of just before and just after', () => {
    const wrong: string[] = []
    for (const [name, { samples }] of families()) {
      if (name in ownValues) continue
      for (const [labels, theirs] of samples) {
        if (Number.isNaN(theirs)) continue
        const ours = [before, after].map((page) => page.get(name)?.samples.get(labels) ?? Number.NaN)
        const slack = /_(age|duration)$/.test(name) ? 0.5 : 1e-9 * Math.abs(theirs)
        if (theirs >= Math.min(...ours) - slack && theirs <= Math.max(...ours) + slack) continue
        wrong.push(`${name}${labels}: theirs ${theirs}, ours ${ours.join(' to ')}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('families whose values differ for a reason still have the same series', () => {
    for (const name of ['pg_stat_activity_count', 'pg_stat_activity_max_tx_duration', 'pg_locks_count']) {
      expect(seriesOf(after, name)).toEqual(seriesOf(peer, name))
    }
  })
})
