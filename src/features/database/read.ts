import type { Blocking } from '../../exporters/postgres/collectors/blocking.ts'
import type { createDatabase } from '../../exporters/postgres/collectors/database.ts'
import type { DatabaseLocks } from '../../exporters/postgres/collectors/locks.ts'
import type { Replication } from '../../exporters/postgres/collectors/replication.ts'
import type { Slot } from '../../exporters/postgres/collectors/replication-slots.ts'
import type { createSettings } from '../../exporters/postgres/collectors/settings.ts'
import type { Activity } from '../../exporters/postgres/collectors/stat-activity.ts'
import type { createStatDatabase } from '../../exporters/postgres/collectors/stat-database.ts'
import type { Statements } from '../../exporters/postgres/collectors/stat-statements.ts'
import type { Up } from '../../exporters/postgres/collectors/up.ts'
import type { Snapshot } from '../../exporters/postgres/databases/snapshot.ts'
import type { FeatureClock, Take } from '../feature.ts'
import { createBeside, takeNow } from '../lib/beside.ts'

type ReadingOf<Create extends (...args: never[]) => { read(signal: AbortSignal): unknown }> = Awaited<
  ReturnType<ReturnType<Create>['read']>
>

export type DatabaseSizes = ReadingOf<typeof createDatabase>
export type DatabaseCounters = ReadingOf<typeof createStatDatabase>
export type Settings = ReadingOf<typeof createSettings>

/** The collectors whose readings are shown; absent where one failed, or the server has no such thing. */
export interface PostgresReadings {
  readonly up?: Up
  /** Start of the server, seconds since the epoch. */
  readonly postmaster?: number
  readonly stat_activity?: Activity
  readonly stat_database?: DatabaseCounters
  readonly database?: DatabaseSizes
  readonly locks?: readonly DatabaseLocks[]
  readonly blocking?: Blocking
  readonly replication?: Replication
  readonly replication_slots?: readonly Slot[]
  readonly stat_replication?: readonly unknown[]
  readonly settings?: Settings
  readonly stat_statements?: Statements
  readonly databases?: Snapshot
}

const quick = [
  'up',
  'postmaster',
  'stat_activity',
  'stat_database',
  'database',
  'locks',
  'blocking',
  'replication',
  'replication_slots',
  'stat_replication',
  'settings',
] as const

/** Statements are many, and tables are read in the exporter's own rounds. */
const slow = ['stat_statements', 'databases'] as const

export interface Readings {
  readonly postgres: PostgresReadings
  readonly failures: ReadonlyMap<string, unknown>
  /** ms since the epoch; monotonic ms. */
  readonly time: number
  readonly at: number
}

const deadline = 2500
const patience = 300

/** Takes what the database feature needs; statements and tables every `slowInterval` ms. */
export function createReadings(take: Take, clock: FeatureClock, slowInterval: number): () => Promise<Readings> {
  const { monotonic } = clock
  // A little less, so that a tick which is due at the same moment does not just miss it.
  const every = slowInterval * 0.9
  const beside = createBeside(take, slow, { every, deadline, patience, monotonic })
  return async () => {
    const time = clock.now()
    const [now, slower] = await Promise.all([takeNow(take, quick, deadline, monotonic), beside()])
    const postgres: PostgresReadings = Object.fromEntries([...now.readings, ...slower.readings])
    return { postgres, failures: new Map([...now.failures, ...slower.failures]), time, at: now.at }
  }
}
