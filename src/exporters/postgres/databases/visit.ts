import type { Row, Session } from '../session.ts'
import { kindNames, kinds, ownLabels, type Column, type KindName } from './columns.ts'
import { lead, rowsSql } from './queries.ts'
import type { Values } from './rest.ts'
import { unreadableSequencesSql, watchNames, watchSql, type WatchName } from './watch.ts'

/** One table, index or function. */
export interface Member {
  readonly id: number
  /** Labels after `datname`. */
  readonly names: readonly string[]
  readonly size: number
  readonly activity: number
  readonly values: Values
}

/** What one database says of one kind of objects. */
export interface Section {
  readonly members: readonly Member[]
  readonly count: number
  readonly size: number
  readonly activity: number
  readonly total: Values
  readonly extras: readonly number[]
}

/** An entry of a watch list. */
export interface Watched {
  readonly id: number
  readonly names: readonly string[]
  readonly value: number
}

/** Which candidates to bring besides those already shown. */
export interface Wanted {
  readonly limit: Readonly<Record<KindName, number>>
  readonly kept: (list: KindName | WatchName) => readonly number[]
}

/** A visit brings what it can: a statement that failed is missing here and told in `errors`. */
export interface Visit {
  readonly kinds: Partial<Record<KindName, Section>>
  readonly watch: Partial<Record<WatchName, readonly Watched[]>>
  readonly unreadableSequences: number | undefined
  readonly errors: readonly Error[]
}

const number = (cell: string | null | undefined): number =>
  cell === null || cell === undefined ? Number.NaN : Number(cell)

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)

/** Rows of `rowsSql`: the members, then the totals. */
export function parseSection(kind: KindName, rows: readonly Row[]): Section {
  const columns: readonly Column[] = kinds[kind]
  const first = lead(kind)
  const labels = ownLabels(kind)
  const members: Member[] = []
  let totals: Row | undefined
  for (const row of rows) {
    if (row[0] === null) totals = row
    else members.push(parseMember(row, labels, first, columns.length))
  }
  if (totals === undefined) throw new Error(`no row of totals for ${kind}`)
  const { size, activity, values } = parseMember(totals, labels, first, columns.length)
  const extras = totals.slice(first + columns.length).map(number)
  return { members, count: Number(totals[1]), size, activity, total: values, extras }
}

function parseMember(row: Row, labels: number, first: number, width: number): Member {
  const values = new Float64Array(width)
  for (let i = 0; i < width; i++) values[i] = number(row[first + i])
  return {
    id: Number(row[0]),
    names: row.slice(1, 1 + labels).map((name) => name ?? ''),
    size: orZero(number(row[1 + labels])),
    activity: orZero(number(row[2 + labels])),
    values,
  }
}

const parseWatched = (rows: readonly Row[]): Watched[] =>
  rows.map(([id, value, ...names]) => ({
    id: Number(id),
    value: number(value),
    names: names.map((name) => name ?? ''),
  }))

/** Asks one database everything, in one go; rejects only when the session itself is lost. */
export async function visit(session: Session, wanted: Wanted, watchLimit: number, signal: AbortSignal): Promise<Visit> {
  const errors: Error[] = []
  const ask = async <T>(sql: string, parse: (rows: readonly Row[]) => T): Promise<T | undefined> => {
    try {
      return parse(await session.query(sql, signal))
    } catch (error) {
      errors.push(error as Error)
      return undefined
    }
  }
  const [sections, lists, unreadableSequences] = await Promise.all([
    Promise.all(
      kindNames.map((kind) =>
        ask(rowsSql(kind, wanted.limit[kind], wanted.kept(kind)), (rows) => parseSection(kind, rows)),
      ),
    ),
    Promise.all(watchNames.map((name) => ask(watchSql(name, watchLimit, wanted.kept(name)), parseWatched))),
    ask(unreadableSequencesSql, ([row]) => Number(row?.[0])),
  ])
  return {
    kinds: present(kindNames, sections),
    watch: present(watchNames, lists),
    unreadableSequences,
    errors,
  }
}

/** An object of those that are there. */
function present<K extends string, V>(keys: readonly K[], values: readonly (V | undefined)[]): Partial<Record<K, V>> {
  const entries = keys.map((key, i) => [key, values[i]] as const).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<Record<K, V>>
}
