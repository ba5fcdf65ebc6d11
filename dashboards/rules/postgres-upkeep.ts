import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { postgres } = limits
const server = (more = ''): string => `{job="postgres", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`
const table = server('datname="shop", schemaname="public", relname="orders"')
const on = '{{ $labels.instance }}'

const wraparound = (severity: 'warning' | 'critical'): AlertRule => {
  const limit = severity === 'critical' ? postgres.wraparoundCritical : postgres.wraparoundWarning
  // PostgreSQL refuses to write at about 2^31 - 3 million; the metric is an age in transactions, whatever its name says.
  return {
    alert: severity === 'critical' ? 'PostgreSQLWraparoundNear' : 'PostgreSQLWraparoundAhead',
    expr: `pg_database_wraparound_age_datfrozenxid_seconds{job="postgres"} / 2147483648 > ${limit}`,
    for: '10m',
    severity,
    component: 'postgres',
    summary: `Transaction numbers of {{ $labels.datname }} on ${on} run out`,
    description: `{{ $value | humanizePercentage }} of the transaction numbers are used since the last freeze; the limit is ${share(limit)}.`,
    board: 'postgres',
    runbook: {
      means: 'When they run out, PostgreSQL takes no more writes until a vacuum in single-user mode is through.',
      look: [
        '`SELECT datname, age(datfrozenxid) FROM pg_database ORDER BY 2 DESC;`, then per table `age(relfrozenxid)`.',
        'PostgreSQLLongTransaction and PostgreSQLInactiveReplicationSlot: both keep vacuum from freezing.',
      ],
      causes: ['Autovacuum is off or too slow; an old transaction, prepared transaction or slot holds it back.'],
      mend: ['End what holds it back, then `VACUUM (FREEZE, VERBOSE) TABLE;` for the oldest tables.'],
    },
    proof: {
      series: {
        [`pg_database_wraparound_age_datfrozenxid_seconds${server('datname="shop"')}`]: phases(
          [(limit - 0.01) * 2 ** 31, 20],
          [(limit + 0.01) * 2 ** 31, 30],
          [1e8, 20],
        ),
      },
      quiet: 19,
      fires: 45,
      resolves: 60,
      labels: { datname: 'shop' },
    },
  }
}

const dead: AlertRule = {
  alert: 'PostgreSQLTableNotVacuumed',
  expr: `pg_stat_user_tables_n_dead_tup{job="postgres"} > 10000 and pg_stat_user_tables_n_dead_tup{job="postgres"} / (pg_stat_user_tables_n_live_tup{job="postgres"} + pg_stat_user_tables_n_dead_tup{job="postgres"}) > ${postgres.deadTuples} and increase(pg_stat_user_tables_autovacuum_count{job="postgres"}[6h]) + increase(pg_stat_user_tables_vacuum_count{job="postgres"}[6h]) == 0`,
  for: '1h',
  severity: 'warning',
  component: 'postgres',
  summary: `Table {{ $labels.relname }} of {{ $labels.datname }} on ${on} is not vacuumed`,
  description: `{{ $value | humanize }} dead rows, more than ${share(postgres.deadTuples)} of the table, and no vacuum within six hours.`,
  board: 'postgres',
  runbook: {
    means: 'The table swells; scans of it read what nobody needs.',
    look: ["`SELECT * FROM pg_stat_user_tables WHERE relname = 'TABLE';`, PostgreSQLLongTransaction."],
    causes: ['Autovacuum is off for the table or cancelled again and again; a long transaction keeps the rows.'],
    mend: ['`VACUUM (VERBOSE, ANALYZE) TABLE;`; lower `autovacuum_vacuum_scale_factor` for it.'],
  },
  proof: {
    series: {
      [`pg_stat_user_tables_n_dead_tup${table}`]: phases([9_000, 400], [20_000, 200], [100, 60]),
      [`pg_stat_user_tables_n_live_tup${table}`]: always(50_000),
      [`pg_stat_user_tables_autovacuum_count${table}`]: always(3),
      [`pg_stat_user_tables_vacuum_count${table}`]: always(1),
    },
    quiet: 399,
    fires: 500,
    resolves: 640,
    labels: { relname: 'orders' },
  },
}

const checkpoints: AlertRule = {
  alert: 'PostgreSQLTooManyCheckpointsRequested',
  expr: 'rate(pg_stat_checkpointer_num_requested_total{job="postgres"}[30m]) / (rate(pg_stat_checkpointer_num_timed_total{job="postgres"}[30m]) + rate(pg_stat_checkpointer_num_requested_total{job="postgres"}[30m]) > 0) > 0.5 and increase(pg_stat_checkpointer_num_requested_total{job="postgres"}[30m]) > 5',
  for: '15m',
  severity: 'warning',
  component: 'postgres',
  summary: `PostgreSQL on ${on} makes checkpoints too often`,
  description:
    '{{ $value | humanizePercentage }} of its checkpoints come before their time, because the WAL grew too fast.',
  board: 'postgres',
  runbook: {
    means: 'Each checkpoint writes all changed pages; too many of them load the disk for nothing.',
    look: ['The log of PostgreSQL: "checkpoints are occurring too frequently".'],
    causes: ['`max_wal_size` too small for the rate of writes; a large import.'],
    mend: ['Raise `max_wal_size` (4 GB and more), `checkpoint_timeout` to 15 minutes; reload.'],
  },
  proof: {
    series: {
      [`pg_stat_checkpointer_num_requested_total${server()}`]: counter([0.1, 60], [1, 90], [0, 90]),
      [`pg_stat_checkpointer_num_timed_total${server()}`]: counter([0.2, 240]),
    },
    quiet: 59,
    fires: 130,
    resolves: 220,
  },
}

const growing: AlertRule = {
  alert: 'PostgreSQLDatabaseGrowsFast',
  expr: 'predict_linear(pg_database_size_bytes{job="postgres"}[6h], 7 * 86400) > 2 * pg_database_size_bytes{job="postgres"} and pg_database_size_bytes{job="postgres"} > 1e9',
  for: '1h',
  severity: 'info',
  component: 'postgres',
  summary: `Database {{ $labels.datname }} on ${on} doubles within a week`,
  description:
    'At the pace of the last six hours {{ $labels.datname }} would have {{ $value | humanize1024 }}B in a week, more than twice of today.',
  board: 'postgres',
  runbook: {
    means: 'Nothing is wrong yet; the disk fills sooner than you may have planned.',
    look: ['Page Monitor of the console, section PostgreSQL: sizes of the tables.'],
    causes: ['An import; a log table that nobody trims; a table that is not vacuumed.'],
    mend: ['Trim or partition the table; plan for a larger disk.'],
  },
  proof: {
    series: { [`pg_database_size_bytes${server('datname="shop"')}`]: '2e9+1e3x399 2e9+1e6x399 2.4e9+0x500' },
    quiet: 399,
    fires: 790,
    resolves: 1290,
    labels: { datname: 'shop' },
  },
}

const restarted: AlertRule = {
  alert: 'PostgreSQLRestarted',
  expr: 'time() - pg_postmaster_start_time_seconds{job="postgres"} < 300 and on (job, instance) pg_postmaster_start_time_seconds{job="postgres"} offset 10m',
  for: '0m',
  severity: 'info',
  component: 'postgres',
  summary: `PostgreSQL on ${on} was restarted`,
  description: 'It has been up for {{ $value | humanizeDuration }}.',
  board: 'postgres',
  runbook: {
    means: 'All connections were cut; the cache is cold for a while.',
    look: ['The log of PostgreSQL: a shutdown that was asked for, or "terminated by signal".'],
    causes: ['An upgrade, a changed setting; a crash; the kernel ended it for lack of memory.'],
    mend: ['Nothing, if it was meant. After a crash see NodeOutOfMemoryKill.'],
  },
  proof: {
    series: { [`pg_postmaster_start_time_seconds${server()}`]: phases([0, 30], [1800, 60]) },
    quiet: 29,
    fires: 33,
    resolves: 50,
  },
}

const invalid: AlertRule = {
  alert: 'PostgreSQLInvalidIndexes',
  expr: 'pg_databases_indexes_invalid{job="postgres"} > 0',
  for: '1h',
  severity: 'warning',
  component: 'postgres',
  summary: `PostgreSQL on ${on} has indexes that cannot be used`,
  description: '{{ $value }} indexes are invalid: a CREATE INDEX CONCURRENTLY failed half way.',
  board: 'postgres',
  runbook: {
    means: 'They are kept up at every write, but no query uses them; queries may scan the whole table.',
    look: ['`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;`'],
    causes: ['A concurrent build that was cancelled, met a duplicate, or was cut off.'],
    mend: ['`REINDEX INDEX CONCURRENTLY NAME;`, or drop it and build it anew.'],
  },
  proof: {
    series: { [`pg_databases_indexes_invalid${server()}`]: phases([0, 10], [1, 50], [0, 10], [1, 90], [0, 10]) },
    quiet: 59,
    fires: 150,
    resolves: 165,
  },
}

/** What is told about vacuum, checkpoints and growth. */
export const postgresUpkeep: RuleGroup = {
  name: 'postgres-upkeep',
  title: 'PostgreSQL: vacuum, checkpoints, growth',
  recording: [
    {
      record: 'instance_datname:pg_dead_tuples:ratio',
      expr: 'sum by (job, instance, datname) (pg_stat_user_tables_n_dead_tup{job="postgres"}) / (sum by (job, instance, datname) (pg_stat_user_tables_n_live_tup{job="postgres"} + pg_stat_user_tables_n_dead_tup{job="postgres"}) > 0)',
    },
  ],
  alerts: [wraparound('warning'), wraparound('critical'), dead, checkpoints, growing, restarted, invalid],
}
