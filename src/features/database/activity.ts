import { createPrevious } from '../lib/previous.ts'
import { increase, known, share, sum } from '../lib/rates.ts'
import type { DatabaseHealth } from './contract.ts'
import type { DatabaseCounters } from './read.ts'

/** One database's counters by column of pg_stat_database. */
type Counters = ReadonlyMap<string, number | undefined>

const prefix = 'pg_stat_database_'

/** pg_stat_database by oid, its values by column. */
export function countersOf({ known: columns, databases }: DatabaseCounters): Map<string, Counters> {
  const names = columns.map(({ metric }) => metric.name.slice(prefix.length))
  return new Map(databases.map(({ oid, values }) => [oid, new Map(names.map((name, i) => [name, values[i]]))]))
}

/** Columns summed over all databases, per second between two readings; a database whose statistics were reset is left out. */
export function activityOf(
  before: ReadonlyMap<string, Counters>,
  now: ReadonlyMap<string, Counters>,
  seconds: number,
): DatabaseHealth['activity'] {
  const grown = (column: string): number | undefined =>
    sum([...now].map(([oid, counters]) => increase(before.get(oid)?.get(column), counters.get(column))))
  const rate = (...columns: string[]): number | undefined => {
    const all = sum(columns.map(grown))
    return all === undefined || !(seconds > 0) ? undefined : all / seconds
  }
  const hit = grown('blks_hit')
  return known({
    commits: rate('xact_commit'),
    rollbacks: rate('xact_rollback'),
    cacheHit: share(hit, sum([hit, grown('blks_read')])),
    tuplesRead: rate('tup_returned'),
    tuplesWritten: rate('tup_inserted', 'tup_updated', 'tup_deleted'),
    deadlocks: rate('deadlocks'),
  })
}

/** Activity since the previous reading. */
export function createActivity(): (reading: DatabaseCounters, at: number) => DatabaseHealth['activity'] {
  const previous = createPrevious<Map<string, Counters>>()
  return (reading, at) => {
    const now = countersOf(reading)
    const { before, seconds } = previous(now, at)
    return before === undefined ? {} : activityOf(before, now, seconds)
  }
}
