import { counter, gauge, type Exposition, type Metric } from '../../../lib/exposition.ts'
import { kindNames } from './columns.ts'
import { skipReasons } from './discovery.ts'
import type { Held } from './held.ts'
import type { Schedule } from './schedule.ts'
import type { Snapshot } from './snapshot.ts'
import { watchLists, watchNames } from './watch.ts'

/** How the visits fare, and what the budget of series has cut. */
export const metrics = {
  success: gauge('pg_database_scrape_success', 'Whether the last visit to a database brought everything.', 'datname'),
  age: gauge('pg_databases_reading_age_seconds', 'Time since a database was last read in full.', 'datname'),
  tables: gauge('pg_database_tables', 'Number of user tables, those without series of their own included.', 'datname'),
  indexes: gauge('pg_databases_indexes', 'Number of indexes on user tables.'),
  invalid: gauge('pg_databases_indexes_invalid', 'Indexes that no query can use, as a failed build leaves them.'),
  unused: gauge('pg_databases_indexes_unused', 'Indexes that were never scanned and enforce nothing.'),
  visited: gauge('pg_databases_visited', 'Number of databases that are visited.'),
  skipped: gauge('pg_databases_skipped', 'Number of databases that are not visited, by reason.', 'reason'),
  unreadable: gauge(
    'pg_databases_sequences_unreadable',
    'Sequences whose state the role may not see; grant it SELECT on them.',
  ),
  budget: gauge('pg_databases_series_budget', 'Most series that tables, indexes and the like may have on this page.'),
  series: gauge('pg_databases_series', 'Series that tables, indexes and the like have on this page.'),
  folded: gauge(
    'pg_databases_rows_folded',
    'Objects without series of their own, summed up in the rows named other instead.',
    'kind',
  ),
  dropped: gauge('pg_databases_series_dropped', 'Series that those objects would have had.', 'kind'),
  cadence: gauge('pg_databases_round_interval_seconds', 'Time between rounds; long rounds stretch it.'),
  duration: gauge('pg_databases_round_duration_seconds', 'Time that the last round of visits took.'),
  rounds: counter('pg_databases_rounds_total', 'Rounds of visits so far.'),
  failures: counter('pg_databases_round_failures_total', 'Rounds that failed because the server could not be asked.'),
}

/** Counts of rounds, which hold even when there is nothing else to tell. */
export function writeRounds({ cadence, stats }: Schedule, out: Exposition): void {
  out.set(metrics.cadence, cadence / 1000)
  out.set(metrics.duration, stats.seconds)
  out.set(metrics.rounds, stats.rounds)
  out.set(metrics.failures, stats.failures)
}

export function writeStatus(snapshot: Snapshot, now: number, out: Exposition): void {
  for (const held of snapshot.databases) writeDatabase(held, now, out)
  out.set(metrics.visited, snapshot.databases.length)
  for (const reason of skipReasons) out.set(metrics.skipped, snapshot.skipped[reason], reason)
  const total = (metric: Metric, of: (held: Held) => number | undefined): void =>
    out.set(
      metric,
      snapshot.databases.reduce((sum, held) => sum + (of(held) ?? 0), 0),
    )
  total(metrics.indexes, ({ kinds }) => kinds.indexes?.value.count)
  total(metrics.invalid, ({ kinds }) => kinds.indexes?.value.extras[0])
  total(metrics.unused, ({ kinds }) => kinds.indexes?.value.extras[1])
  total(metrics.unreadable, ({ unreadableSequences }) => unreadableSequences)
  out.set(metrics.budget, snapshot.budget)
  out.set(metrics.series, snapshot.series)
  for (const kind of kindNames) {
    out.set(metrics.folded, snapshot.kinds[kind].folded, kind)
    out.set(metrics.dropped, snapshot.kinds[kind].dropped, kind)
  }
  for (const name of watchNames) {
    for (const { labels, value } of snapshot.watch[name]) out.set(watchLists[name].metric, value, ...labels)
  }
}

function writeDatabase({ database, kinds, completeAt, failure }: Held, now: number, out: Exposition): void {
  const { name } = database
  out.set(metrics.success, failure === undefined && completeAt !== undefined ? 1 : 0, name)
  if (completeAt !== undefined) out.set(metrics.age, Math.max(0, now - completeAt) / 1000, name)
  out.set(metrics.tables, kinds.tables?.value.count, name)
}
