import { limits } from '../limits.ts'
import { bars, more, table, time } from '../lib/panel.ts'
import { query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { postgres } = limits
const db = 'datname=~"$datname"'
const share = { unit: unit.share, min: 0, max: 1 } as const
const table3 = 'datname, schemaname, relname'
const top = (expr: string): string => `topk(10, ${expr})`
const dead = `sum by (${table3}) (${series('pg_stat_user_tables_n_dead_tup', db)})`
const live = `sum by (${table3}) (${series('pg_stat_user_tables_n_live_tup', db)})`

const statements = more('Statements', [
  table({
    title: 'Statements that take most time',
    unit: unit.share,
    w: 12,
    widths: { Query: 210 },
    columns: { datname: 'Database', user: 'User', queryid: 'Query', Value: 'Of a session' },
    queries: [query('', top(`sum by (datname, user, queryid) (${rate('pg_stat_statements_seconds_total', db)})`))],
    empty: 'pg_stat_statements is not set up',
    shows: 'Statements by the time they take; 100 % keeps one session busy all the time.',
    normal: 'A few percent.',
    act: '`select query from pg_stat_statements where queryid = …` shows the text; `explain` it.',
  }),
  table({
    title: 'Slowest statements',
    unit: unit.seconds,
    w: 12,
    widths: { Query: 210 },
    columns: { datname: 'Database', user: 'User', queryid: 'Query', Value: 'Average' },
    queries: [
      query(
        '',
        top(
          `sum by (datname, user, queryid) (${rate('pg_stat_statements_seconds_total', db)}) / (sum by (datname, user, queryid) (${rate('pg_stat_statements_calls_total', db)}) > 0)`,
        ),
      ),
    ],
    empty: 'pg_stat_statements is not set up',
    shows: 'Average time of a call, of the slowest statements.',
    normal: 'Milliseconds for what people wait for.',
    act: 'An index is missing, or a table was not analysed: see Scans of whole tables.',
  }),
])

const upkeep = more('Tables and vacuum', [
  bars({
    title: 'Dead rows',
    ...share,
    threshold: { look: postgres.deadTuples },
    queries: [query('{{datname}} {{relname}}', top(`${dead} / (${dead} + ${live} > 1000)`))],
    empty: 'no table with more than a thousand rows',
    shows: 'Rows that are gone but still take space, of tables with more than a thousand rows.',
    normal: 'Below 10 %, with saw teeth.',
    act: '`vacuum (verbose, analyze) TABLE`; a long transaction may keep it from working.',
  }),
  bars({
    title: 'Largest tables',
    unit: unit.bytes,
    queries: [
      query(
        '{{datname}} {{relname}}',
        top(`sum by (${table3}) (${series('pg_stat_user_tables_table_size_bytes', db)})`),
      ),
    ],
    shows: 'Size of tables without their indexes.',
    normal: 'As expected of what they hold.',
    act: 'Keep less history, or partition.',
  }),
  time({
    title: 'Scans of whole tables',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{datname}} {{relname}}', top(`sum by (${table3}) (${rate('pg_stat_user_tables_seq_tup_read', db)})`)),
    ],
    shows: 'Rows read without an index, of the ten tables with most.',
    normal: 'Small tables only.',
    act: 'A large one: an index is missing.',
  }),
  time({
    title: 'Wraparound',
    ...share,
    decimals: 1,
    threshold: { look: postgres.wraparoundWarning, bad: postgres.wraparoundCritical },
    queries: [
      query('{{instance}} {{datname}}', `${series('pg_database_wraparound_age_datfrozenxid_seconds')} / 2147483648`),
    ],
    shows: 'How much of the transaction numbers is used up since the last freeze.',
    normal: 'Below 10 %.',
    act: '`vacuum freeze`; look for what keeps autovacuum from it. At 100 % the server refuses to write.',
  }),
  time({
    title: 'Size by database',
    unit: unit.bytes,
    min: 0,
    queries: [query('{{instance}} {{datname}}', series('pg_database_size_bytes', db))],
    shows: 'Size of each database on disk.',
    normal: 'Grows slowly.',
    act: 'Largest tables names the table.',
  }),
  time({
    title: 'Temporary files',
    unit: unit.bytesPerSecond,
    min: 0,
    queries: [
      query('{{instance}} {{datname}}', `sum by (instance, datname) (${rate('pg_stat_database_temp_bytes', db)})`),
    ],
    shows: 'What sorts and joins wrote to disk, because they did not fit into memory.',
    normal: 'Near 0.',
    act: 'Raise `work_mem` for that program, or give the query less to sort.',
  }),
])

const writing = more('Writing and replication', [
  time({
    title: 'WAL written',
    unit: unit.bytesPerSecond,
    min: 0,
    queries: [query('{{instance}}', rate('pg_wal_position_bytes_total'))],
    shows: 'The log of all changes, as it grows.',
    normal: 'Follows the writes.',
    act: 'Much more than data: `full_page_writes` after frequent checkpoints; raise `max_wal_size`.',
  }),
  time({
    title: 'Checkpoints',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{instance}} by time', rate('pg_stat_checkpointer_num_timed_total')),
      query('{{instance}} requested', rate('pg_stat_checkpointer_num_requested_total')),
    ],
    shows: 'How often all changed pages are written to disk.',
    normal: 'By time, one in five minutes.',
    act: 'Mostly requested: raise `max_wal_size`.',
  }),
  time({
    title: 'Reads and writes of files',
    unit: unit.bytesPerSecond,
    min: 0,
    queries: [
      query('{{backend_type}} read', `sum by (backend_type) (${rate('pg_stat_io_read_bytes_total')})`),
      query('{{backend_type}} written', `sum by (backend_type) (${rate('pg_stat_io_write_bytes_total')})`),
    ],
    empty: 'needs PostgreSQL 16',
    shows: 'Who in the server reads and writes data files.',
    normal: 'Writes by checkpointer and background writer.',
    act: 'Writes by client backends: `shared_buffers` is too small.',
  }),
  time({
    title: 'Replication lag',
    unit: unit.seconds,
    min: 0,
    threshold: { look: postgres.lag, bad: postgres.lagCritical },
    queries: [
      query(
        '{{instance}}',
        `${series('pg_replication_lag_seconds')} and on (job, instance) ${series('pg_replication_is_replica')} == 1`,
      ),
    ],
    empty: 'this server is no replica',
    shows: 'How far a replica is behind.',
    normal: 'Below a second.',
    act: 'Network, disk of the replica, or a query there that holds replay up.',
  }),
  time({
    title: 'Locks',
    unit: unit.count,
    min: 0,
    queries: [query('{{mode}}', `sum by (mode) (${series('pg_locks_count', db)})`)],
    shows: 'Locks held, by mode.',
    normal: 'Mostly accesssharelock.',
    act: 'Exclusive ones that stay: Waiting sessions above.',
  }),
  time({
    title: 'Time of connections',
    ...share,
    queries: [
      query(
        '{{instance}}',
        ratio(
          `sum by (instance) (${rate('pg_stat_database_active_time_seconds_total', db)})`,
          `sum by (instance) (${series('pg_stat_database_numbackends', db)})`,
        ),
      ),
    ],
    empty: 'nobody is connected',
    shows: 'Share of the time in which a connection is really working.',
    normal: 'A few percent: pools keep connections open.',
    act: 'Near 100 %: the server is the bottleneck; see Statements.',
  }),
])

/** Rows of the PostgreSQL board that start out closed. */
export const postgresDetails = [statements, upkeep, writing]
