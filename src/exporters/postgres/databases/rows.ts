import { kinds, type Column, type KindName } from './columns.ts'
import type { Demand, Share } from './plan.ts'
import { continueRest, type Rest, type Sums, type Values } from './rest.ts'
import { choose, nothingShown, type Candidate, type Choice, type Limits } from './sticky.ts'
import type { Section } from './visit.ts'

/** One row of series: label values and a value per column. */
export interface ShownRow {
  readonly labels: readonly string[]
  readonly values: Values
}

/** One kind in one database, as far as it may be published. */
export interface Part {
  readonly oid: string
  readonly datname: string
  readonly section: Section
}

/** What one round leaves for the next, for one kind. */
export interface KindState {
  readonly choice: Choice
  /** By oid of the database; also of those that cannot be read now. */
  readonly rests: ReadonlyMap<string, Rest>
  /** Counters of the `other` rows of databases that no longer exist, so that the common row never falls. */
  readonly gone: Values
}

export const startOf = (kind: KindName): KindState => ({
  choice: nothingShown,
  rests: new Map(),
  gone: new Float64Array(kinds[kind].length),
})

export const keyOf = (oid: string, id: number): string => `${oid}/${id}`

export function costs(kind: KindName, older: boolean): { cost: number; otherCost: number } {
  const columns: readonly Column[] = kinds[kind]
  const width = (some: readonly Column[]): number =>
    some.length + (older ? some.filter((column) => column.older !== undefined).length : 0)
  return { cost: width(columns), otherCost: width(columns.filter(({ sum }) => sum !== 'none')) }
}

export function demandOf(kind: KindName, parts: readonly Part[], older: boolean): Demand {
  return {
    ...costs(kind, older),
    count: parts.reduce((sum, { section }) => sum + section.count, 0),
    complete: parts.every(({ section }) => section.members.length === section.count),
  }
}

/** Every member that may be shown, scored by its share of all space and of all activity on the server. */
function candidatesOf(parts: readonly Part[]): Candidate[] {
  const size = parts.reduce((sum, { section }) => sum + section.size, 0) || 1
  const activity = parts.reduce((sum, { section }) => sum + section.activity, 0) || 1
  return parts.flatMap(({ oid, section }) =>
    section.members.map((member) => ({
      key: keyOf(oid, member.id),
      score: member.size / size + member.activity / activity,
    })),
  )
}

const sumsOf = ({ oid, section }: Part): Sums => ({
  total: section.total,
  members: new Map(section.members.map((member) => [keyOf(oid, member.id), member.values])),
})

/** Chooses who is shown and continues the rows called `other`. `exists` tells which databases are still there. */
export function nextState(
  kind: KindName,
  previous: KindState,
  parts: readonly Part[],
  limits: Limits,
  exists: (oid: string) => boolean,
): KindState {
  const columns: readonly Column[] = kinds[kind]
  const isCounter = columns.map(({ sum }) => sum === 'counter')
  const choice = choose(candidatesOf(parts), previous.choice, limits)
  const rests = new Map<string, Rest>()
  const gone = previous.gone.slice()
  for (const [oid, rest] of previous.rests) {
    if (exists(oid)) rests.set(oid, rest)
    else add(gone, rest.values, isCounter)
  }
  for (const part of parts) {
    const sums = sumsOf(part)
    const shown = new Set([...choice.shown].filter((key) => sums.members.has(key)))
    rests.set(part.oid, continueRest(rests.get(part.oid), sums, shown, isCounter))
  }
  return { choice, rests, gone }
}

function add(into: Values, values: Values, which: readonly boolean[]): void {
  for (let i = 0; i < into.length; i++) {
    const value = values[i] as number
    if (which[i] === true && !Number.isNaN(value)) into[i] = (into[i] as number) + value
  }
}

const otherLabels = (datname: string, kind: KindName): string[] => {
  const { labels } = kinds[kind][0].metric
  return labels.map((label) => ({ datname, relname: 'other', funcname: 'other' })[label] ?? '')
}

/** The rows to publish. Only `other` has an empty schema, and only the common one an empty database. */
export function rowsOf(kind: KindName, state: KindState, parts: readonly Part[], { other }: Share): ShownRow[] {
  const rows: ShownRow[] = []
  for (const { oid, datname, section } of parts) {
    for (const { id, names, values } of section.members) {
      if (state.choice.shown.has(keyOf(oid, id))) rows.push({ labels: [datname, ...names], values })
    }
    const rest = state.rests.get(oid)
    if (other === 'each' && rest !== undefined && section.count > 0) {
      rows.push({ labels: otherLabels(datname, kind), values: summable(kind, rest.values) })
    }
  }
  if (other === 'one') rows.push({ labels: otherLabels('', kind), values: commonRest(kind, state, parts) })
  return rows
}

/** Sum over all databases: counters also of those that cannot be read now, gauges only of those that can. */
function commonRest(kind: KindName, state: KindState, parts: readonly Part[]): Values {
  const columns: readonly Column[] = kinds[kind]
  const readable = new Set(parts.map(({ oid }) => oid))
  const values = state.gone.slice()
  for (const [oid, rest] of state.rests) {
    const which = columns.map(({ sum }) => sum === 'counter' || (sum === 'gauge' && readable.has(oid)))
    add(values, rest.values, which)
  }
  return summable(kind, values)
}

function summable(kind: KindName, values: Values): Values {
  const columns: readonly Column[] = kinds[kind]
  return values.map((value, i) => (columns[i]?.sum === 'none' ? Number.NaN : value))
}
