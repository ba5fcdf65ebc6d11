import { known, sum } from '../lib/rates.ts'
import { countersOf } from './activity.ts'
import type { DatabaseHealth } from './contract.ts'
import type { PostgresReadings } from './read.ts'

/** All databases with size, connections and age of the oldest transaction id, the biggest first. */
export function databasesOf({ database, stat_database }: PostgresReadings): DatabaseHealth['databases'] {
  const counters = stat_database === undefined ? new Map<never, never>() : countersOf(stat_database)
  return (database?.databases ?? [])
    .map(({ oid, name, xidAge }) =>
      known({
        name,
        bytes: database?.sizes.bytes.get(oid),
        connections: counters.get(oid)?.get('numbackends'),
        xidAge,
      }),
    )
    .toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || (a.name < b.name ? -1 : 1))
}

/** The `most` costliest statements; their text where the exporter is told to read it. */
export function statementsOf({ stat_statements }: PostgresReadings, most: number): DatabaseHealth['statements'] {
  return (stat_statements?.shown ?? [])
    .map(({ queryId: id, database, user, totals: [calls = 0, seconds = 0, rows = 0] }) =>
      known({ id, database, user, calls, seconds, rows, text: stat_statements?.texts.get(id) }),
    )
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, most)
}

const prefix = 'pg_stat_user_tables_'

/** The `most` biggest tables, of those that have series of their own. `columns`: names of the families, in order. */
export function tablesOf(
  { databases }: PostgresReadings,
  columns: readonly string[],
  most: number,
): DatabaseHealth['tables'] {
  const index = new Map(columns.map((name, i) => [name, i]))
  return (databases?.kinds.tables.rows ?? [])
    .filter(({ labels: [, schema] }) => schema !== '')
    .map(({ labels: [database = '', schema = '', name = ''], values }) => {
      const value = (column: string): number | undefined => {
        const found = values[index.get(prefix + column) ?? -1]
        return found === undefined || Number.isNaN(found) ? undefined : found
      }
      const bytes = sum([value('table_size_bytes'), value('index_size_bytes')])
      return known({ database, schema, name, bytes, live: value('n_live_tup'), dead: value('n_dead_tup') })
    })
    .toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))
    .slice(0, most)
}

/** Whether this is a replica and how far behind, who replicates from it, and its slots. */
export function replicationOf(readings: PostgresReadings): DatabaseHealth['replication'] {
  const { replication, replication_slots: slots = [], stat_replication: replicas = [] } = readings
  const isReplica = replication?.isReplica === 1
  return {
    isReplica,
    ...known({ lagSeconds: isReplica ? replication.lag : undefined }),
    replicas: replicas.length,
    slots: slots.length,
    inactiveSlots: slots.filter(({ active }) => active === 0).length,
  }
}
