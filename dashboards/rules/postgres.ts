import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { postgres } = limits
const server = '{job="postgres", instance="ai:9464"}'
const database = (more = ''): string =>
  `{job="postgres", instance="ai:9464", datname="shop"${more === '' ? '' : `, ${more}`}}`
const on = '{{ $labels.instance }}'

const down: AlertRule = {
  alert: 'PostgreSQLDown',
  expr: 'pg_up{job="postgres"} != 1',
  for: '1m',
  severity: 'critical',
  component: 'postgres',
  summary: `PostgreSQL watched by ${on} does not answer`,
  description: 'The exporter cannot connect to PostgreSQL for a minute (pg_up is {{ $value }}).',
  board: 'postgres',
  runbook: {
    means: 'Nothing that needs the database works; Aura itself keeps its data there.',
    look: [
      '`curl -s http://127.0.0.1:8080/readyz`: what Aura says of it.',
      'The log of PostgreSQL; for the embedded one it is part of the log of `npm start`.',
      '`df -h`: a full disk stops it.',
    ],
    causes: ['The server is stopped or starting after a crash; a full disk; a wrong password; too many connections.'],
    mend: ['Start it (`systemctl start postgresql`, or restart Aura for the embedded one); make room on the disk.'],
  },
  proof: {
    series: { [`pg_up${server}`]: phases([1, 10], [0, 1], [1, 10], [0, 20], [1, 10]) },
    quiet: 11,
    fires: 30,
    resolves: 45,
  },
}

const collecting: AlertRule = {
  alert: 'PostgreSQLExporterError',
  expr: 'pg_exporter_last_scrape_error{job="postgres"} == 1 and pg_up{job="postgres"} == 1',
  for: '30m',
  severity: 'warning',
  component: 'postgres',
  summary: `Some values of PostgreSQL on ${on} cannot be read`,
  description: 'PostgreSQL answers, but at least one collector has failed for 30 minutes (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'Some panels and alerts about PostgreSQL have no data, and so cannot warn.',
    look: [
      '`pg_scrape_collector_success == 0` in Prometheus names the collector; `npm run aura doctor` names missing rights.',
    ],
    causes: ['The role of the exporter lacks `pg_monitor`; an extension was removed; a query takes too long.'],
    mend: ['`GRANT pg_monitor TO role`; see docs/operations.md.'],
  },
  proof: {
    series: {
      [`pg_exporter_last_scrape_error${server}`]: phases([0, 10], [1, 25], [0, 5], [1, 60], [0, 10]),
      [`pg_up${server}`]: always(1),
    },
    quiet: 34,
    fires: 90,
    resolves: 105,
  },
}

const connections = (severity: 'warning' | 'critical'): AlertRule => {
  const critical = severity === 'critical'
  const limit = critical ? postgres.connectionsCritical : postgres.connectionsWarning
  return {
    alert: critical ? 'PostgreSQLMaxConnectionsReached' : 'PostgreSQLHighConnections',
    expr: `instance:pg_connections_used:ratio{job="postgres"} > ${limit}`,
    for: critical ? '1m' : '10m',
    severity,
    component: 'postgres',
    summary: `PostgreSQL on ${on} has ${critical ? 'hardly any' : 'few'} connections left`,
    description: `{{ $value | humanizePercentage }} of the connections that may be used are; the limit is ${share(limit)}.`,
    board: 'postgres',
    runbook: {
      means: 'When none is left, programs are refused with "too many clients already".',
      look: [
        '`SELECT state, usename, application_name, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC;`',
      ],
      causes: ['A program that does not give connections back; no pool in front; many idle transactions.'],
      mend: [
        'End the idle ones: `SELECT pg_terminate_backend(pid) …`; set `idle_session_timeout`.',
        'Put PgBouncer in front; raise `max_connections` only with the memory for it.',
      ],
    },
    proof: {
      series: {
        [`pg_stat_activity_count${database('state="idle"')}`]: phases(
          [limit * 100 - 4, 20],
          [limit * 100 + 2, 30],
          [10, 20],
        ),
        [`pg_settings_max_connections${server}`]: always(103),
        [`pg_settings_superuser_reserved_connections${server}`]: always(3),
      },
      quiet: 19,
      fires: 45,
      resolves: 60,
    },
  }
}

const cache: AlertRule = {
  alert: 'PostgreSQLCacheHitRatio',
  // Below a floor of reads the ratio is noise: 100 blocks a second that missed the cache.
  expr: `instance_datname:pg_cache_hit:ratio_rate5m{job="postgres"} < ${postgres.cacheHit} and on (job, instance, datname) rate(pg_stat_database_blks_read{job="postgres"}[5m]) > 100`,
  for: '15m',
  severity: 'warning',
  component: 'postgres',
  summary: `Database {{ $labels.datname }} on ${on} reads much from disk`,
  description: `Only {{ $value | humanizePercentage }} of the blocks of {{ $labels.datname }} come from the cache; less than ${share(postgres.cacheHit)}.`,
  board: 'postgres',
  runbook: {
    means: 'Queries wait for the disk; the rest of the machine too.',
    look: ['`SELECT query, shared_blks_read FROM pg_stat_statements ORDER BY 2 DESC LIMIT 10;`'],
    causes: [
      'A missing index and so a scan of a large table; `shared_buffers` too small; a first read after a restart.',
    ],
    mend: ['Add the index (`EXPLAIN (ANALYZE, BUFFERS)` shows it); raise `shared_buffers` to a quarter of the memory.'],
  },
  proof: {
    series: {
      [`pg_stat_database_blks_hit${database()}`]: counter([990_000, 40], [600_000, 40], [990_000, 40]),
      [`pg_stat_database_blks_read${database()}`]: counter([10_000, 40], [100_000, 40], [10, 40]),
    },
    quiet: 39,
    fires: 75,
    resolves: 110,
    labels: { datname: 'shop' },
  },
}

const rollbacks: AlertRule = {
  alert: 'PostgreSQLTooManyRollbacks',
  expr: `rate(pg_stat_database_xact_rollback{job="postgres", datname!=""}[5m]) / (rate(pg_stat_database_xact_commit{job="postgres", datname!=""}[5m]) + rate(pg_stat_database_xact_rollback{job="postgres", datname!=""}[5m]) > 1) > ${postgres.rollbacks}`,
  for: '10m',
  severity: 'warning',
  component: 'postgres',
  summary: `Many transactions of {{ $labels.datname }} on ${on} fail`,
  description: `{{ $value | humanizePercentage }} of the transactions of {{ $labels.datname }} are rolled back; more than ${share(postgres.rollbacks)}.`,
  board: 'postgres',
  runbook: {
    means: 'A program meets errors and gives up its work; its users probably see them.',
    look: ['The log of PostgreSQL: lines with ERROR name the statement.', 'The log of the program.'],
    causes: ['A release that does not fit the schema; deadlocks; unique violations used as a check.'],
    mend: ['Mend the program; see PostgreSQLHighDeadLocks if those go along.'],
  },
  proof: {
    series: {
      [`pg_stat_database_xact_commit${database()}`]: counter([600, 150]),
      [`pg_stat_database_xact_rollback${database()}`]: counter([50, 40], [120, 40], [0, 60]),
    },
    quiet: 39,
    fires: 75,
    resolves: 100,
  },
}

const deadlocks: AlertRule = {
  alert: 'PostgreSQLHighDeadLocks',
  expr: 'increase(pg_stat_database_deadlocks{job="postgres", datname!=""}[5m]) > 5',
  for: '0m',
  severity: 'warning',
  component: 'postgres',
  summary: `Transactions of {{ $labels.datname }} on ${on} block each other for good`,
  description:
    '{{ printf "%.0f" $value }} deadlocks in {{ $labels.datname }} within five minutes; each ended one transaction.',
  board: 'postgres',
  runbook: {
    means: 'Transactions lock the same rows in different orders; PostgreSQL ends one of them each time.',
    look: ['The log of PostgreSQL: "deadlock detected" with both statements.'],
    causes: ['Two parts of a program that update the same rows in a different order.'],
    mend: ['Lock rows in one order everywhere; keep transactions short; retry those that failed.'],
  },
  proof: {
    series: { [`pg_stat_database_deadlocks${database()}`]: counter([0.8, 30], [3, 20], [0, 30]) },
    quiet: 29,
    fires: 45,
    resolves: 70,
  },
}

const locks: AlertRule = {
  alert: 'PostgreSQLAcquiredTooManyLocks',
  expr: `sum by (job, instance) (pg_locks_count{job="postgres"}) / on (job, instance) (pg_settings_max_locks_per_transaction{job="postgres"} * pg_settings_max_connections{job="postgres"}) > ${postgres.locks}`,
  for: '5m',
  severity: 'warning',
  component: 'postgres',
  summary: `PostgreSQL on ${on} holds very many locks`,
  description: `{{ $value | humanizePercentage }} of the lock table is used; more than ${share(postgres.locks)}.`,
  board: 'postgres',
  runbook: {
    means: 'When the table is full, statements fail with "out of shared memory".',
    look: ['`SELECT pid, count(*) FROM pg_locks GROUP BY 1 ORDER BY 2 DESC LIMIT 10;`'],
    causes: ['A transaction that touches thousands of tables or partitions; a dump of a large schema.'],
    mend: ['Let it end, or end it; raise `max_locks_per_transaction` (needs a restart).'],
  },
  proof: {
    series: {
      [`pg_locks_count${database('mode="accesssharelock"')}`]: phases([1200, 20], [1400, 20], [10, 20]),
      [`pg_settings_max_locks_per_transaction${server}`]: always(64),
      [`pg_settings_max_connections${server}`]: always(100),
    },
    quiet: 19,
    fires: 35,
    resolves: 50,
  },
}

/** What is recorded and told about the server as a whole. */
export const postgresServer: RuleGroup = {
  name: 'postgres',
  title: 'PostgreSQL: server, connections, transactions',
  recording: [
    {
      record: 'instance:pg_connections_used:ratio',
      expr: 'sum by (job, instance) (pg_stat_activity_count{job="postgres"}) / on (job, instance) (pg_settings_max_connections{job="postgres"} - pg_settings_superuser_reserved_connections{job="postgres"})',
    },
    {
      record: 'instance_datname:pg_cache_hit:ratio_rate5m',
      expr: 'sum by (job, instance, datname) (rate(pg_stat_database_blks_hit{job="postgres", datname!=""}[5m])) / (sum by (job, instance, datname) (rate(pg_stat_database_blks_hit{job="postgres", datname!=""}[5m])) + sum by (job, instance, datname) (rate(pg_stat_database_blks_read{job="postgres", datname!=""}[5m])) > 0)',
    },
    {
      record: 'instance_datname:pg_transactions:rate5m',
      expr: 'sum by (job, instance, datname) (rate(pg_stat_database_xact_commit{job="postgres", datname!=""}[5m])) + sum by (job, instance, datname) (rate(pg_stat_database_xact_rollback{job="postgres", datname!=""}[5m]))',
    },
    { record: 'instance:pg_wal_bytes:rate5m', expr: 'rate(pg_wal_position_bytes_total{job="postgres"}[5m])' },
  ],
  alerts: [down, collecting, connections('warning'), connections('critical'), cache, rollbacks, deadlocks, locks],
}
