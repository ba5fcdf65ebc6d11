import { parseDuration } from '../../lib/duration.ts'
import type { Feature, FeatureClock, Take } from '../feature.ts'
import { createLive } from '../lib/live.ts'
import type { DatabaseFeatureConfig } from './config.ts'
import { createReadings } from './read.ts'
import { databaseRoutes } from './routes.ts'
import { createDatabaseState } from './state.ts'
import { topic } from './topic.ts'

export interface DatabaseDeps {
  readonly postgres: Take
  /** Whether Aura runs this server itself. */
  readonly embedded: boolean
  /** Names of the exporter's families of tables, in the order of their values. */
  readonly tableColumns: readonly string[]
  readonly clock: FeatureClock
}

/** PostgreSQL: state, connections, activity, sizes, locks, statements, replication, tables. */
export function createDatabaseFeature(config: DatabaseFeatureConfig, deps: DatabaseDeps): Feature {
  const { postgres, embedded, tableColumns, clock } = deps
  const interval = parseDuration(config.interval)
  const readings = createReadings(postgres, clock, parseDuration(config.slow_interval))
  const stateOf = createDatabaseState({
    embedded,
    tableColumns,
    longTransaction: parseDuration(config.long_transaction) / 1000,
    statements: config.statements,
    tables: config.tables,
  })
  const live = createLive(topic.name, async () => stateOf(await readings()), clock.monotonic)
  return {
    topic,
    interval,
    rest: parseDuration(config.rest),
    routes: (app) => databaseRoutes(app, live, interval),
    tick: (publisher) => live.tick(publisher),
  }
}
