import { parseDuration } from '../../lib/duration.ts'
import type { Feature, FeatureClock, Take } from '../feature.ts'
import { createHistory } from '../lib/history.ts'
import { createLive } from '../lib/live.ts'
import type { DatabaseFeatureConfig } from './config.ts'
import { createReadings } from './read.ts'
import { databaseRoutes } from './routes.ts'
import { seriesOf } from './series.ts'
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

/** ms that the graphs reach back from memory, as those of the machine do. */
const remembered = 900_000

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
  const history = createHistory(Math.ceil(remembered / interval) + 1)
  const read = async () => {
    const taken = await readings()
    const state = stateOf(taken)
    history.add(taken.time, seriesOf(state))
    return state
  }
  const live = createLive(topic.name, read, clock.monotonic)
  return {
    topic,
    interval,
    rest: parseDuration(config.rest),
    routes: (app) => databaseRoutes(app, { live, history, age: interval, now: clock.now }),
    tick: (publisher) => live.tick(publisher),
  }
}
