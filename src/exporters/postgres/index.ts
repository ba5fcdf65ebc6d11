import { parseDuration } from '../../lib/duration.ts'
import type { Collector, ExporterFactory } from '../exporter.ts'
import { createBlocking } from './collectors/blocking.ts'
import { createBuffercacheSummary } from './collectors/buffercache-summary.ts'
import { createDatabaseWraparound } from './collectors/database-wraparound.ts'
import { createDatabase } from './collectors/database.ts'
import { createLocks } from './collectors/locks.ts'
import { createLongRunningTransactions } from './collectors/long-running-transactions.ts'
import { createPostmaster } from './collectors/postmaster.ts'
import { createProcessIdle } from './collectors/process-idle.ts'
import { createReplicationSlots } from './collectors/replication-slots.ts'
import { createReplication } from './collectors/replication.ts'
import { createRoles } from './collectors/roles.ts'
import { createSettings } from './collectors/settings.ts'
import { createStatActivityAutovacuum } from './collectors/stat-activity-autovacuum.ts'
import { createStatActivity } from './collectors/stat-activity.ts'
import { createStatArchiver } from './collectors/stat-archiver.ts'
import { createStatBgwriter } from './collectors/stat-bgwriter.ts'
import { createStatCheckpointer } from './collectors/stat-checkpointer.ts'
import { createStatDatabaseConflicts } from './collectors/stat-database-conflicts.ts'
import { createStatDatabase } from './collectors/stat-database.ts'
import { createStatIo } from './collectors/stat-io.ts'
import { createStatProgressVacuum } from './collectors/stat-progress-vacuum.ts'
import { createStatReplication } from './collectors/stat-replication.ts'
import { createStatStatements } from './collectors/stat-statements.ts'
import { createStatWalReceiver } from './collectors/stat-wal-receiver.ts'
import { createStatWal } from './collectors/stat-wal.ts'
import { createUp } from './collectors/up.ts'
import { createWal } from './collectors/wal.ts'
import { createXlogLocation } from './collectors/xlog-location.ts'
import type { PostgresConfig } from './config.ts'
import { createConnections, type Connections } from './connection.ts'
import { createDatabaseCollectors } from './databases/index.ts'
import { labelServer } from './server-label.ts'
import { createSizes } from './sizes.ts'

export type PostgresOptions = PostgresConfig & {
  /** `postgresql://…`, asked for each time a connection is opened; `undefined` while it is not known yet. */
  readonly url: () => string | undefined
}

/** All series of one PostgreSQL server, 13 to 18, for a role that has pg_monitor alone. */
export const createPostgresExporter: ExporterFactory<PostgresOptions> = (options, { log }) => {
  const db = createConnections({
    url: options.url,
    statementTimeout: parseDuration(options.statement_timeout),
    lockTimeout: parseDuration(options.lock_timeout),
  })
  const sizes = createSizes(db, {
    budget: parseDuration(options.size_budget),
    interval: parseDuration(options.size_interval),
  })
  const databases = createDatabaseCollectors(options.databases, db, log)
  const all = [...collectorsOf(db, options), createDatabase(db, sizes), ...databases.collectors, createUp(db)]
  return {
    prefix: 'pg',
    collectors: options.server_label ? all.map((collector) => labelServer(collector, () => db.server)) : all,
    async stop() {
      await Promise.all([databases.stop(), sizes.stop()])
      await db.stop()
    },
  }
}

/** The collectors that need only the kept connection. Cheap ones first: statements are answered in this order, so a slow one delays only those behind it. */
export function collectorsOf(db: Connections, options: PostgresConfig): Collector[] {
  const { statements } = options
  return [
    createPostmaster(db),
    createLocks(db),
    createStatActivity(db, options.activity_labels),
    createBlocking(db, options.blocking_pairs),
    createLongRunningTransactions(db),
    createProcessIdle(db),
    createStatActivityAutovacuum(db),
    createStatDatabase(db),
    createStatDatabaseConflicts(db),
    createStatBgwriter(db),
    createStatCheckpointer(db),
    createStatArchiver(db),
    createReplication(db),
    createStatReplication(db),
    createReplicationSlots(db),
    createStatWalReceiver(db),
    createStatWal(db),
    createStatIo(db),
    createStatProgressVacuum(db),
    createDatabaseWraparound(db),
    createXlogLocation(db),
    createRoles(db),
    ...(options.settings ? [createSettings(db)] : []),
    createWal(db),
    ...(statements.enabled
      ? [createStatStatements(db, { top: statements.top, text: statements.text, textLength: statements.text_length })]
      : []),
    ...(options.buffercache_summary ? [createBuffercacheSummary(db)] : []),
  ]
}
