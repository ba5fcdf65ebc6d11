import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const { postgres } = limits
const server = (more = ''): string => `{job="postgres", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`
const on = '{{ $labels.instance }}'

const running = (state: 'active' | 'idle in transaction'): AlertRule => {
  const idle = state === 'idle in transaction'
  const limit = idle ? postgres.idleInTransaction : postgres.longTransaction
  return {
    alert: idle ? 'PostgreSQLIdleInTransaction' : 'PostgreSQLLongTransaction',
    expr: `max by (job, instance, datname) (pg_stat_activity_max_tx_duration{job="postgres", state=~"${idle ? 'idle in transaction.*' : 'active'}"}) > ${limit}`,
    for: '2m',
    severity: 'warning',
    component: 'postgres',
    summary: `A transaction in {{ $labels.datname }} on ${on} has been ${idle ? 'idle' : 'running'} for long`,
    description: `The oldest one is {{ $value | humanizeDuration }} old; the limit is ${limit / 60} minutes.`,
    board: 'postgres',
    runbook: {
      means: 'It keeps its locks, and vacuum from removing what changed since it began; tables swell and others wait.',
      look: [
        '`SELECT pid, state, now() - xact_start AS age, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY age DESC LIMIT 5;`',
      ],
      causes: idle
        ? ['A program that forgot to commit, or waits for something else in the middle of a transaction.']
        : ['A report or a migration over a large table; a missing index; a lock it waits for.'],
      mend: [
        'Cancel it: `SELECT pg_cancel_backend(PID);`, if that is not enough `pg_terminate_backend(PID)`.',
        idle ? 'Set `idle_in_transaction_session_timeout`.' : 'Set `statement_timeout` for the role.',
      ],
    },
    proof: {
      series: {
        [`pg_stat_activity_max_tx_duration${server(`datname="shop", state="${state}"`)}`]: phases(
          [limit - 1, 10],
          [limit + 1, 20],
          [1, 10],
        ),
      },
      quiet: 9,
      fires: 20,
      resolves: 35,
      labels: { datname: 'shop' },
    },
  }
}

const blocked: AlertRule = {
  alert: 'PostgreSQLBlockedSessions',
  expr: `pg_blocking_oldest_wait_seconds{job="postgres"} > ${postgres.blocked}`,
  for: '1m',
  severity: 'warning',
  component: 'postgres',
  summary: `Sessions of PostgreSQL on ${on} wait for a lock`,
  description: `The one that waits longest has waited {{ $value | humanizeDuration }}; the limit is ${postgres.blocked} seconds.`,
  board: 'postgres',
  runbook: {
    means: 'Programs hang until whoever holds the lock commits.',
    look: [
      'Page Monitor of the console, section PostgreSQL: who blocks whom.',
      '`SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0;`',
    ],
    causes: ['A migration (`ALTER TABLE`) behind a long transaction; a program that forgot to commit.'],
    mend: [
      'End the session at the root of the chain: `SELECT pg_terminate_backend(PID);`',
      'Run migrations with a short `lock_timeout`.',
    ],
  },
  proof: {
    series: { [`pg_blocking_oldest_wait_seconds${server()}`]: phases([59, 10], [90, 10], [0, 10]) },
    quiet: 9,
    fires: 15,
    resolves: 25,
  },
}

const lag = (severity: 'warning' | 'critical'): AlertRule => {
  const critical = severity === 'critical'
  const limit = critical ? postgres.lagCritical : postgres.lag
  return {
    alert: critical ? 'PostgreSQLReplicationLagCritical' : 'PostgreSQLReplicationLag',
    expr: `pg_replication_lag_seconds{job="postgres"} > ${limit} and pg_replication_is_replica{job="postgres"} == 1`,
    for: critical ? '5m' : '2m',
    severity,
    component: 'postgres',
    summary: `Replica ${on} is behind its primary`,
    description: `The replica is {{ $value | humanizeDuration }} behind; the limit is ${limit} seconds.`,
    board: 'postgres',
    runbook: {
      means: 'Reads from the replica are old, and this much is lost if the primary dies now.',
      look: [
        'On the primary: `SELECT * FROM pg_stat_replication;`. On the replica: its log, and `SELECT pg_is_wal_replay_paused();`.',
      ],
      causes: ['A long query on the replica; a slow disk or network; a burst of writes; replay that was paused.'],
      mend: ['End the query on the replica; `SELECT pg_wal_replay_resume();`; rebuild it if its WAL is gone.'],
    },
    proof: {
      series: {
        [`pg_replication_lag_seconds${server()}`]: phases([limit - 1, 10], [limit + 1, 20], [0, 10]),
        [`pg_replication_is_replica${server()}`]: always(1),
      },
      quiet: 9,
      fires: 25,
      resolves: 35,
    },
  }
}

const role: AlertRule = {
  alert: 'PostgreSQLRoleChanged',
  expr: 'changes(pg_replication_is_replica{job="postgres"}[10m]) > 0',
  for: '0m',
  severity: 'warning',
  component: 'postgres',
  summary: `PostgreSQL on ${on} has changed its role`,
  description: 'It became a primary or a replica {{ $value }} times within ten minutes.',
  board: 'postgres',
  runbook: {
    means: 'There was a failover, or somebody promoted a replica. Two primaries would drift apart.',
    look: ['`SELECT pg_is_in_recovery();` on every server: exactly one must say false.'],
    causes: ['A failover tool; `pg_promote()`; a restore.'],
    mend: ['If it was not meant: stop the wrong primary at once, then rebuild it with `pg_rewind`.'],
  },
  proof: {
    series: { [`pg_replication_is_replica${server()}`]: phases([1, 20], [0, 60]) },
    quiet: 19,
    fires: 25,
    resolves: 50,
  },
}

const slot: AlertRule = {
  alert: 'PostgreSQLInactiveReplicationSlot',
  expr: 'pg_replication_slots_active{job="postgres"} == 0',
  for: '30m',
  severity: 'critical',
  component: 'postgres',
  summary: `Nobody reads replication slot {{ $labels.slot_name }} on ${on}`,
  description:
    'Slot {{ $labels.slot_name }} is inactive (value {{ $value }}) for 30 minutes; PostgreSQL keeps all WAL for it.',
  board: 'postgres',
  runbook: {
    means: 'The WAL that is kept for the slot grows until the disk is full, and then PostgreSQL stops.',
    look: [
      '`SELECT slot_name, active, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) FROM pg_replication_slots;`',
    ],
    causes: ['A replica or a consumer of logical replication that is gone.'],
    mend: [
      'Bring the reader back, or `SELECT pg_drop_replication_slot(NAME);`. Set `max_slot_wal_keep_size` as a net.',
    ],
  },
  proof: {
    series: {
      [`pg_replication_slots_active${server('slot_name="east", database=""')}`]: phases(
        [1, 5],
        [0, 25],
        [1, 5],
        [0, 60],
        [1, 10],
      ),
    },
    quiet: 29,
    fires: 80,
    resolves: 100,
    labels: { slot_name: 'east' },
  },
}

const archiver: AlertRule = {
  alert: 'PostgreSQLArchiverFailing',
  expr: 'increase(pg_stat_archiver_failed_count{job="postgres"}[15m]) > 0',
  for: '5m',
  severity: 'critical',
  component: 'postgres',
  summary: `PostgreSQL on ${on} cannot archive its WAL`,
  description: 'Archiving failed {{ printf "%.0f" $value }} times within 15 minutes.',
  board: 'postgres',
  runbook: {
    means: 'Point-in-time recovery has a hole from here on, and WAL piles up on the disk.',
    look: ['`SELECT last_failed_wal, last_failed_time FROM pg_stat_archiver;`, the log of PostgreSQL.'],
    causes: ['The archive is full or away; `archive_command` is wrong; missing rights.'],
    mend: ['Mend the archive; PostgreSQL tries again by itself. Make a new base backup if WAL was lost.'],
  },
  proof: {
    series: { [`pg_stat_archiver_failed_count${server()}`]: counter([0, 30], [2, 30], [0, 40]) },
    quiet: 29,
    fires: 50,
    resolves: 90,
  },
}

const archived: AlertRule = {
  alert: 'PostgreSQLChecksumFailure',
  expr: 'increase(pg_stat_database_checksum_failures{job="postgres"}[1h]) > 0',
  for: '0m',
  severity: 'critical',
  component: 'postgres',
  summary: `PostgreSQL on ${on} found a damaged page`,
  description: '{{ printf "%.0f" $value }} pages of {{ $labels.datname }} had a wrong checksum within an hour.',
  board: 'postgres',
  runbook: {
    means: 'The disk or the memory returned other data than was written.',
    look: ['The log of PostgreSQL names file and block; `smartctl -a DEVICE`; `journalctl -k --grep EDAC`.'],
    causes: ['A failing disk, controller or memory module.'],
    mend: ['Stop writing, save a copy of the data directory, restore the last good backup on sound hardware.'],
  },
  proof: {
    series: { [`pg_stat_database_checksum_failures${server('datid="5", datname="shop"')}`]: phases([0, 70], [2, 120]) },
    quiet: 69,
    fires: 80,
    resolves: 150,
  },
}

/** What is recorded and told about transactions, replication and archiving. */
export const postgresData: RuleGroup = {
  name: 'postgres-data',
  title: 'PostgreSQL: transactions, replication, archive',
  recording: [
    {
      record: 'instance_datname:pg_oldest_transaction:max',
      expr: 'max by (job, instance, datname) (pg_stat_activity_max_tx_duration{job="postgres", state!="idle"})',
    },
  ],
  alerts: [
    running('active'),
    running('idle in transaction'),
    blocked,
    lag('warning'),
    lag('critical'),
    role,
    slot,
    archiver,
    archived,
  ],
}
