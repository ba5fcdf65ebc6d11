import { failingOf, reasonOf } from '../lib/failing.ts'
import { known } from '../lib/rates.ts'
import { createSince } from '../lib/since.ts'
import { createActivity } from './activity.ts'
import type { DatabaseHealth } from './contract.ts'
import { databasesOf, replicationOf, statementsOf, tablesOf } from './objects.ts'
import type { PostgresReadings, Readings } from './read.ts'
import { connectionsOf, locksOf, longTransactionsOf } from './sessions.ts'

export interface DatabaseStateOptions {
  /** Whether Aura runs this server itself. */
  readonly embedded: boolean
  /** Seconds. */
  readonly longTransaction: number
  readonly statements: number
  readonly tables: number
  /** Names of the families of tables, in the order of their values. */
  readonly tableColumns: readonly string[]
}

/** Turns readings into what is shown. While the server is away its parts are empty, as its series are. */
export function createDatabaseState(options: DatabaseStateOptions): (readings: Readings) => DatabaseHealth {
  const upSince = createSince()
  const activity = createActivity()
  let version: string | undefined

  return ({ postgres, failures, time, at }) => {
    // Any answer is a sign of life: a single slow statement does not make it away.
    const up = postgres.up !== undefined || postgres.postmaster !== undefined
    version = postgres.up?.shortVersion ?? version
    const shown: PostgresReadings = up ? postgres : {}
    const start = shown.postmaster
    return {
      state: {
        up,
        since: upSince(up, time),
        embedded: options.embedded,
        ...known({
          reason: up ? undefined : reasonFor(failures),
          version,
          uptime: start === undefined ? undefined : Math.max(0, Math.floor(time / 1000 - start)),
        }),
      },
      connections: connectionsOf(shown),
      activity: shown.stat_database === undefined ? {} : activity(shown.stat_database, at),
      databases: databasesOf(shown),
      locks: locksOf(shown),
      longTransactions: longTransactionsOf(shown, options.longTransaction),
      statements: statementsOf(shown, options.statements),
      replication: replicationOf(shown),
      tables: tablesOf(shown, options.tableColumns, options.tables),
      failing: up ? failingOf(failures) : {},
    }
  }
}

const reasonFor = (failures: ReadonlyMap<string, unknown>): string => {
  // An exporter that is switched off fails under its own name.
  const error = failures.get('postmaster') ?? failures.get('up') ?? failures.values().next().value
  return error === undefined ? 'PostgreSQL does not answer' : reasonOf(error)
}
