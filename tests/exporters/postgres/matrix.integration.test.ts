import { describe, expect, test } from 'vitest'
import type { Family } from '../../support/exposition.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createScraper, failing, value } from './exporter.ts'

const majors = [13, 14, 15, 16, 17, 18]
const installed = majors.filter((major) => findPostgres(major) !== undefined)
const absent = majors.filter((major) => !installed.includes(major))
if (absent.length > 0) {
  console.warn(`skipped: PostgreSQL ${absent.join(', ')}: not installed; npm run test:postgres fetches them`)
}

/** Views that a major does not have yet. */
const lacking: Readonly<Record<number, readonly string[]>> = {
  13: ['stat_io', 'stat_wal'],
  14: ['stat_io'],
  15: ['stat_io'],
}

/** Names that boards and rules ask for, whatever the major. */
const everywhere = [
  'pg_up',
  'pg_static',
  'pg_postmaster_start_time_seconds',
  'pg_settings_max_connections',
  'pg_settings_shared_buffers_bytes',
  'pg_settings_statement_timeout_seconds',
  'pg_stat_activity_count',
  'pg_stat_activity_max_tx_duration',
  'pg_stat_database_xact_commit',
  'pg_stat_database_deadlocks',
  'pg_stat_database_conflicts_confl_lock',
  'pg_locks_count',
  'pg_blocking_blocked_sessions',
  'pg_long_running_transactions',
  'pg_long_running_transactions_oldest_timestamp_seconds',
  'pg_stat_bgwriter_checkpoints_timed_total',
  'pg_stat_bgwriter_checkpoints_req_total',
  'pg_stat_bgwriter_checkpoint_write_time_total',
  'pg_stat_bgwriter_checkpoint_sync_time_total',
  'pg_stat_bgwriter_buffers_checkpoint_total',
  'pg_stat_bgwriter_buffers_clean_total',
  'pg_stat_bgwriter_buffers_backend_total',
  'pg_stat_bgwriter_buffers_backend_fsync_total',
  'pg_stat_bgwriter_buffers_alloc_total',
  'pg_stat_bgwriter_maxwritten_clean_total',
  'pg_stat_bgwriter_stats_reset_total',
  'pg_stat_checkpointer_num_timed_total',
  'pg_stat_checkpointer_num_requested_total',
  'pg_stat_checkpointer_buffers_written_total',
  'pg_stat_archiver_archived_count',
  'pg_wal_segments',
  'pg_wal_size_bytes',
  'pg_replication_lag',
  'pg_replication_lag_seconds',
  'pg_replication_is_replica',
  'pg_replication_last_replay_seconds',
  'pg_replication_slots_active',
  'pg_replication_slots_pg_wal_lsn_diff',
  'pg_replication_slots_slot_current_wal_lsn',
  'pg_replication_slot_slot_current_wal_lsn',
  'pg_replication_slots_slot_is_active',
  'pg_replication_slots_wal_status',
  'pg_database_size_bytes',
  'pg_database_connection_limit',
  'pg_database_wraparound_age_datfrozenxid_seconds',
  'pg_database_wraparound_age_datminmxid_seconds',
  'pg_roles_connection_limit',
  'pg_xlog_location_bytes',
  'pg_process_idle_seconds',
  'pg_stat_statements_calls_total',
  'pg_stat_statements_seconds_total',
  'pg_stat_statements_rows_total',
  'pg_stat_statements_block_read_seconds_total',
  'pg_stat_statements_block_write_seconds_total',
]

/** A view of the catalogue, and the series that must say the same. */
interface Agreement {
  readonly sql: string
  readonly series: string
  /** Labels of the row's series. */
  readonly labels: (row: Record<string, unknown>) => string
}

const perDatabase = (row: Record<string, unknown>): string =>
  `{datid="${String(row['oid'])}",datname="${String(row['name'])}"}`
const fromStatDatabase = (column: string): Agreement => ({
  sql: `select datid as oid, coalesce(datname, '') as name, ${column}::float8 as value from pg_stat_database`,
  series: `pg_stat_database_${column}`,
  labels: perDatabase,
})

const agreements: readonly Agreement[] = [
  ...['xact_commit', 'blks_hit', 'tup_returned', 'tup_inserted', 'temp_bytes'].map(fromStatDatabase),
  {
    sql: 'select datname as name, pg_database_size(oid)::float8 as value from pg_database',
    series: 'pg_database_size_bytes',
    labels: (row) => `{datname="${String(row['name'])}"}`,
  },
  {
    sql: 'select datname as name, age(datfrozenxid)::float8 as value from pg_database',
    series: 'pg_database_wraparound_age_datfrozenxid_seconds',
    labels: (row) => `{datname="${String(row['name'])}"}`,
  },
  {
    sql: "select (pg_current_wal_lsn() - '0/0')::float8 as value",
    series: 'pg_xlog_location_bytes',
    labels: () => '',
  },
  {
    sql: "select setting::float8 * 8192 as value from pg_settings where name = 'shared_buffers'",
    series: 'pg_settings_shared_buffers_bytes',
    labels: () => '',
  },
]

/** The view, the scrape, the view again: what the scrape says lies between the two. */
async function disagreements(postgres: TestPostgres, scrape: () => Promise<Map<string, Family>>): Promise<string[]> {
  const read = (): Promise<Record<string, unknown>[][]> => Promise.all(agreements.map(({ sql }) => postgres.admin(sql)))
  const before = await read()
  const page = await scrape()
  const after = await read()
  return agreements.flatMap(({ series, labels }, i) =>
    (before[i] ?? []).flatMap((row, n) => {
      const bounds = [Number(row['value']), Number(after[i]?.[n]?.['value'])]
      const said = value(page, series, labels(row))
      const agrees = said !== undefined && said >= Math.min(...bounds) && said <= Math.max(...bounds)
      return agrees ? [] : [`${series}${labels(row)}: ${said}, catalogue ${bounds.join(' to ')}`]
    }),
  )
}

describe.each(installed)('PostgreSQL %i, a role with pg_monitor alone', (major) => {
  test('every collector works, every name is there, and the values are those of the catalogue', async () => {
    await using postgres = await startPostgres(major)
    await postgres.admin("select pg_create_logical_replication_slot('logical', 'test_decoding')")
    await postgres.admin('create table t as select generate_series(1, 1000) as a')
    await postgres.admin('vacuum t')
    await postgres.admin('checkpoint')
    await using scraper = createScraper(() => postgres.url, { size_budget: '10s' })
    await using idle = createScraper(() => postgres.urlOf('postgres'))
    await idle.scrape()
    const first = await scraper.scrape()
    expect(failing(first)).toEqual(lacking[major] ?? [])
    expect(everywhere.filter((name) => !first.has(name))).toEqual([])
    expect(value(first, 'pg_exporter_last_scrape_error')).toBe(0)
    expect(value(first, 'pg_settings_statement_timeout_seconds')).toBe(0)
    const errors = scraper.log.filter(({ level }) => level === 'warn' || level === 'error')
    expect(errors).toEqual([])
    expect(await disagreements(postgres, () => scraper.scrape())).toEqual([])
    const sessions = await postgres.admin(
      "select count(*)::int as n from pg_stat_activity where usename = 'exporter' and application_name = 'aura'",
    )
    expect(Number(sessions[0]?.['n'])).toBeLessThanOrEqual(2)
  })
})
