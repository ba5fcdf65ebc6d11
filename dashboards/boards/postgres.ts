import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, time } from '../lib/panel.ts'
import { query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { postgresDetails } from './postgres-details.ts'

const { postgres } = limits
const db = 'datname=~"$datname"'
const by = (labels: string, expr: string): string => `sum by (${labels}) (${expr})`
const share = { unit: unit.share, min: 0, max: 1 } as const
const hits = by('instance, datname', rate('pg_stat_database_blks_hit', db))
const reads = by('instance, datname', rate('pg_stat_database_blks_read', db))
const commits = by('instance', rate('pg_stat_database_xact_commit', db))
const rollbacks = by('instance', rate('pg_stat_database_xact_rollback', db))
const usable = `on (job, instance) (${series('pg_settings_max_connections')} - ${series('pg_settings_superuser_reserved_connections')})`

const glance = row('At a glance', [
  stat({
    title: 'PostgreSQL',
    unit: unit.none,
    words: { 0: ['down', colour.bad], 1: ['up', colour.good] },
    queries: [query('{{instance}}', series('pg_up'))],
    shows: 'Whether the server answers.',
    normal: 'Up.',
    act: 'See PostgreSQLDown in the runbook; the log of the server.',
  }),
  stat({
    title: 'Connections used',
    ...share,
    threshold: { look: postgres.connectionsWarning, bad: postgres.connectionsCritical },
    queries: [query('{{instance}}', `sum by (job, instance) (${series('pg_stat_activity_count')}) / ${usable}`)],
    shows: 'Connections in use, of those that are not kept for administrators.',
    normal: 'Below 50 %, steady.',
    act: 'Sessions by state below: idle ones mean pools that are too large, active ones slow queries.',
  }),
  stat({
    title: 'Found in cache',
    ...share,
    threshold: { look: postgres.cacheHit, below: true },
    queries: [
      query(
        '{{instance}}',
        ratio(
          by('instance', rate('pg_stat_database_blks_hit', db)),
          `${by('instance', rate('pg_stat_database_blks_hit', db))} + ${by('instance', rate('pg_stat_database_blks_read', db))}`,
        ),
      ),
    ],
    empty: 'nothing was read',
    shows: 'Share of the pages that the server had in its own memory.',
    normal: 'Above 98 %.',
    act: 'Raise `shared_buffers`, or find the query that reads whole tables (Statements below).',
  }),
  stat({
    title: 'Transactions',
    unit: unit.perSecond,
    queries: [query('{{instance}}', `${commits} + ${rollbacks}`)],
    shows: 'Transactions that ended, in either way.',
    normal: 'Follows the use.',
    act: 'Suddenly none: do clients still reach the server?',
  }),
  stat({
    title: 'Oldest transaction',
    unit: unit.seconds,
    threshold: { look: postgres.longTransaction, bad: postgres.idleInTransaction },
    queries: [
      query(
        '{{instance}}',
        `max by (instance) (${series('pg_stat_activity_max_tx_duration', `state!="idle", ${db}`)})`,
      ),
    ],
    empty: 'none',
    shows: 'Age of the transaction that has been open the longest.',
    normal: 'Seconds.',
    act: 'Page Database of the console names the session; `select pg_terminate_backend(PID)` ends it.',
  }),
  stat({
    title: 'Size',
    unit: unit.bytes,
    queries: [query('{{instance}}', by('instance', series('pg_database_size_bytes', db)))],
    shows: 'Size of the databases on disk.',
    normal: 'Grows slowly.',
    act: 'Size by database below names the one that grows.',
  }),
])

const work = row('Work', [
  time({
    title: 'Ended transactions',
    unit: unit.perSecond,
    min: 0,
    queries: [query('{{instance}} committed', commits), query('{{instance}} rolled back', rollbacks)],
    shows: 'Transactions by outcome.',
    normal: `Rolled back are below ${postgres.rollbacks * 100} %.`,
    act: 'Many rolled back: errors in a program; the log of the server has them.',
  }),
  time({
    title: 'Sessions by state',
    unit: unit.count,
    min: 0,
    queries: [query('{{state}}', by('state', series('pg_stat_activity_count', db)))],
    shows: 'What connections are doing.',
    normal: 'Mostly idle, a few active.',
    act: 'Many idle in transaction hold locks and keep vacuum from its work: find the program that forgets to commit.',
  }),
  time({
    title: 'Cache hits by database',
    ...share,
    threshold: { look: postgres.cacheHit, below: true },
    queries: [query('{{instance}} {{datname}}', ratio(hits, `${hits} + ${reads}`))],
    empty: 'nothing was read',
    shows: 'Share of the pages found in memory of the server.',
    normal: 'Above 98 %.',
    act: 'Falling: the working set no longer fits, or a report reads everything.',
  }),
  time({
    title: 'Rows',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{instance}} fetched', by('instance', rate('pg_stat_database_tup_fetched', db))),
      query('{{instance}} inserted', by('instance', rate('pg_stat_database_tup_inserted', db))),
      query('{{instance}} updated', by('instance', rate('pg_stat_database_tup_updated', db))),
      query('{{instance}} deleted', by('instance', rate('pg_stat_database_tup_deleted', db))),
    ],
    shows: 'Rows read by index and rows changed.',
    normal: 'Follows the use.',
    act: 'A jump without more transactions: a query that lost its index.',
  }),
  time({
    title: 'Waiting sessions',
    unit: unit.count,
    min: 0,
    queries: [
      query('{{instance}} blocked by others', series('pg_blocking_blocked_sessions')),
      query('{{instance}} that block', series('pg_blocking_root_sessions')),
    ],
    shows: 'Sessions that wait for a lock of another, and those at the head of the queue.',
    normal: '0, for moments more.',
    act: `After ${postgres.blocked} seconds: page Database of the console shows the chain; end its head.`,
  }),
  time({
    title: 'Deadlocks and conflicts',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{datname}} deadlocks', by('datname', rate('pg_stat_database_deadlocks', db))),
      query('{{datname}} conflicts', by('datname', rate('pg_stat_database_conflicts', db))),
    ],
    shows: 'Transactions that the server had to break off.',
    normal: '0.',
    act: 'Deadlocks: the log has both statements; lock in one order.',
  }),
])

/** The database server. */
export const postgresBoard: Board = {
  name: 'postgres',
  title: 'PostgreSQL',
  question: 'Does the database answer quickly, and is its upkeep in order?',
  anchor: 'pg_up',
  variables: [{ name: 'datname', label: 'Database', metric: 'pg_database_size_bytes' }],
  components: ['postgres'],
  started: 'pg_postmaster_start_time_seconds',
  version: ['pg_static', 'short_version'],
  rows: [glance, work, ...postgresDetails],
}
