import { kindNames, kinds, type KindName } from './columns.ts'
import type { Discovery } from './discovery.ts'
import { expiry, fresh, type Held } from './held.ts'
import { budgetOf, divide, perDatabase, perServer, watchLength, type OtherMode } from './plan.ts'
import { demandOf, keyOf, nextState, rowsOf, startOf, type KindState, type Part, type ShownRow } from './rows.ts'
import { choose, nothingShown, type Choice } from './sticky.ts'
import { watchNames, type WatchName } from './watch.ts'

/** What choosing remembers from one snapshot to the next. */
export interface Memory {
  readonly kinds: Readonly<Record<KindName, KindState>>
  readonly watch: Readonly<Record<WatchName, Choice>>
}

export interface WatchRow {
  readonly labels: readonly string[]
  readonly value: number
}

export interface KindSnapshot {
  readonly rows: readonly ShownRow[]
  readonly other: OtherMode
  /** Objects without a row of their own. */
  readonly folded: number
  /** Series that those would have had. */
  readonly dropped: number
}

/** Everything of one round that may be published. */
export interface Snapshot {
  readonly databases: readonly Held[]
  readonly skipped: Discovery['skipped']
  readonly kinds: Readonly<Record<KindName, KindSnapshot>>
  readonly watch: Readonly<Record<WatchName, readonly WatchRow[]>>
  readonly budget: number
  readonly series: number
  /** When the first value in it becomes too old to be shown. */
  readonly expires: number
}

export interface Assembling {
  readonly seriesBudget: number
  readonly olderNames: boolean
  readonly maxAge: number
  /** Whether time has passed since the last choice, so that another exchange may be earned. */
  readonly advance: boolean
}

/** New series that exchanges may bring per round, on average, over everything: five. */
const allowance = {
  tables: 3,
  indexes: 1,
  functions: 0.2,
  watch: 0.2,
}

export const emptyMemory = (): Memory => ({
  kinds: Object.fromEntries(kindNames.map((kind) => [kind, startOf(kind)])) as Record<KindName, KindState>,
  watch: Object.fromEntries(watchNames.map((name) => [name, nothingShown])) as Record<WatchName, Choice>,
})

/** Chooses what to publish of all that is held, within the budget. Pure. */
export function assemble(
  all: readonly Held[],
  skipped: Discovery['skipped'],
  previous: Memory,
  now: number,
  options: Assembling,
): { readonly snapshot: Snapshot; readonly memory: Memory } {
  const databases = all.map((held) => fresh(held, now - options.maxAge))
  const budget = budgetOf(options.seriesBudget, all.length)
  const chosen = chooseKinds(databases, previous, budget, options)
  const watched = chooseWatched(databases, previous, options)
  const series =
    perServer +
    perDatabase * all.length +
    watchNames.reduce((sum, name) => sum + watched.rows[name].length, 0) +
    kindNames.reduce((sum, kind) => sum + chosen.series[kind], 0)
  const expires = Math.min(...databases.map((held) => expiry(held, options.maxAge)))
  return {
    snapshot: { databases, skipped, kinds: chosen.kinds, watch: watched.rows, budget, series, expires },
    memory: { kinds: chosen.states, watch: watched.choices },
  }
}

function partsOf(databases: readonly Held[], kind: KindName): Part[] {
  return databases.flatMap(({ database, kinds: held }) => {
    const part = held[kind]
    return part === undefined ? [] : [{ oid: database.oid, datname: database.name, section: part.value }]
  })
}

function chooseKinds(databases: readonly Held[], previous: Memory, budget: number, options: Assembling) {
  const oids = new Set(databases.map(({ database }) => database.oid))
  const parts = record(kindNames, (kind) => partsOf(databases, kind))
  const demands = record(kindNames, (kind) => demandOf(kind, parts[kind], options.olderNames))
  const shares = divide(demands, budget, databases.length)
  const states = record(kindNames, (kind) => {
    const limits = {
      capacity: shares[kind].capacity,
      cost: demands[kind].cost,
      allowance: options.advance ? allowance[kind] : 0,
    }
    return nextState(kind, previous.kinds[kind], parts[kind], limits, (oid) => oids.has(oid))
  })
  const rows = record(kindNames, (kind) => rowsOf(kind, states[kind], parts[kind], shares[kind]))
  const snapshots = record(kindNames, (kind): KindSnapshot => {
    const folded = demands[kind].count - states[kind].choice.shown.size
    return { rows: rows[kind], other: shares[kind].other, folded, dropped: folded * demands[kind].cost }
  })
  const series = record(kindNames, (kind) => seriesOf(kind, rows[kind], options.olderNames))
  return { states, kinds: snapshots, series }
}

function seriesOf(kind: KindName, rows: readonly ShownRow[], older: boolean): number {
  let series = 0
  kinds[kind].forEach((column, i) => {
    const present = rows.filter(({ values }) => !Number.isNaN(values[i])).length
    series += column.older !== undefined && older ? 2 * present : present
  })
  return series
}

function chooseWatched(databases: readonly Held[], previous: Memory, options: Assembling) {
  const entries = record(watchNames, (name) =>
    databases.flatMap(({ database, watch }) =>
      (watch[name]?.value ?? []).map(({ id, names, value }) => ({
        key: keyOf(database.oid, id),
        score: value,
        row: { labels: [database.name, ...names], value },
      })),
    ),
  )
  const limits = { capacity: watchLength, cost: 1, allowance: options.advance ? allowance.watch : 0 }
  const choices = record(watchNames, (name) => choose(entries[name], previous.watch[name], limits))
  const rows = record(watchNames, (name) =>
    entries[name].filter(({ key }) => choices[name].shown.has(key)).map(({ row }) => row),
  )
  return { choices, rows }
}

function record<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
}
