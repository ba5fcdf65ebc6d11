import type { KindName } from './columns.ts'

/** What the series of one kind cost and how many objects there are. */
export interface Demand {
  /** Series of one object. */
  readonly cost: number
  /** Series of one row of sums. */
  readonly otherCost: number
  readonly count: number
  /** Whether every object was offered for choice. */
  readonly complete: boolean
}

/** `none`: every object is shown. `each`: a row of sums per database. `one`: one row of sums for all of them. */
export type OtherMode = 'none' | 'each' | 'one'

export interface Share {
  readonly capacity: number
  readonly other: OtherMode
}

/** Series per database that tell how it fares, whatever is in it. */
export const perDatabase = 3
/** Series of this part that exist once. */
export const perServer = 22
/** Entries of each watch list. */
export const watchLength = 10
export const watchLists = 4

const portion: Record<KindName, number> = { tables: 0.7, indexes: 0.25, functions: 0.05 }

/**
 * Allowance for the server-wide part of the page: settings, statements and so on, and what each database adds there;
 * as counted on PostgreSQL 18, which has the most.
 */
const serverWide = { base: 1150, perDatabase: 62 }

/** Least budget of this part, however much the server-wide series take. */
const least = 400

/** Series that this part may have, out of the budget of the page. */
export function budgetOf(page: number, databases: number): number {
  return Math.max(least, page - serverWide.base - serverWide.perDatabase * databases)
}

/** How many databases can be visited: their own series may take half of the budget at most. */
export function visitable(page: number, databases: number, most: number): number {
  const budget = budgetOf(page, databases)
  return Math.min(databases, most, Math.floor((budget - perServer) / 2 / perDatabase))
}

/** Series that tables, indexes and functions share, once everything else has its own. */
function shareable(budget: number, visited: number): number {
  return Math.max(0, budget - perServer - perDatabase * visited - watchLength * watchLists)
}

function shareOf(demand: Demand, series: number, visited: number): Share {
  const { cost, otherCost, count, complete } = demand
  if (complete && count * cost <= series) return { capacity: count, other: 'none' }
  const rows = (others: number): number => Math.max(0, Math.floor((series - others * otherCost) / cost))
  if (visited * otherCost <= series / 3) return { capacity: rows(visited), other: 'each' }
  return series < otherCost ? { capacity: 0, other: 'none' } : { capacity: rows(1), other: 'one' }
}

const used = (demand: Demand, share: Share, visited: number): number =>
  Math.min(share.capacity, demand.count) * demand.cost +
  { none: 0, one: demand.otherCost, each: visited * demand.otherCost }[share.other]

/** Divides the budget of this part among the kinds. What indexes and functions do not need goes to the tables. */
export function divide(
  demands: Readonly<Record<KindName, Demand>>,
  budget: number,
  visited: number,
): Record<KindName, Share> {
  const all = shareable(budget, visited)
  const small = (kind: KindName): Share => shareOf(demands[kind], all * portion[kind], visited)
  const [indexes, functions] = [small('indexes'), small('functions')]
  const left = all - used(demands.indexes, indexes, visited) - used(demands.functions, functions, visited)
  return { indexes, functions, tables: shareOf(demands.tables, left, visited) }
}

/** How many candidates to ask a database for, of each ranking: enough to fill its likely part of the rows twice. */
export function candidatesPerDatabase(cost: number, budget: number, visited: number): number {
  const rows = Math.ceil(shareable(budget, visited) / cost)
  return Math.max(Math.min(rows, 30), Math.ceil(rows / Math.max(1, Math.floor(visited / 8))))
}
