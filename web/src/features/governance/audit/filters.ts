import type { AuditQuery, AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'

/** What the log is narrowed to, as the form and the address have it; absent: anything. */
export interface AuditFilters {
  readonly actor?: string
  readonly action?: string
  readonly object?: string
  readonly decision?: 'allow' | 'deny' | 'none'
  /** ms since the epoch; `until` is not included. */
  readonly from?: number
  readonly until?: number
  readonly requestId?: string
  readonly q?: string
}

const texts = ['actor', 'action', 'object', 'requestId', 'q'] as const
const times = ['from', 'until'] as const
const decisions: ReadonlySet<string> = new Set(['allow', 'deny', 'none'])

type Query = Readonly<Record<string, string | string[] | undefined>>

const one = (value: string | string[] | undefined): string => [value].flat()[0]?.trim() ?? ''

/** Reads the filters out of an address; what makes no sense is left out. */
export function readFilters(query: Query): AuditFilters {
  const found: Record<string, string | number> = {}
  for (const key of texts) if (one(query[key]) !== '') found[key] = one(query[key])
  for (const key of times) {
    const time = Number(one(query[key]) || NaN)
    if (Number.isFinite(time)) found[key] = time
  }
  if (decisions.has(one(query['decision']))) found['decision'] = one(query['decision'])
  return found
}

/** The filters as parameters, of an address or the API; those that are absent are undefined, which takes them away. */
export function filterQuery(filters: AuditFilters): Readonly<Record<string, string | number | undefined>> {
  const { actor, action, object, decision, from, until, requestId, q } = filters
  return { actor, action, object, decision, from, until, requestId, q }
}

/** The same with an asterisk at the end for all that begin alike. */
const like = (pattern: string | undefined, value: string | undefined): boolean => {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? (value ?? '').startsWith(pattern.slice(0, -1)) : pattern === value
}

const is = <T>(wanted: T | undefined, value: T | undefined): boolean => wanted === undefined || wanted === value

/** Whether a row that arrived live belongs to what is shown: as the server decides about the others. */
export function matches(filters: AuditFilters, row: AuditRowView): boolean {
  const { actor, action, object, decision, from = -Infinity, until = Infinity, requestId, q } = filters
  if (!is(actor, row.actor.id) || !is(decision, row.decision) || !is(requestId, row.requestId)) return false
  if (!like(action, row.action) || !like(object, row.object)) return false
  if (row.ts < from || row.ts >= until) return false
  return q === undefined || JSON.stringify(row).toLowerCase().includes(JSON.stringify(q).slice(1, -1).toLowerCase())
}

export const isFiltered = (filters: AuditFilters): boolean => Object.keys(filters).length > 0

/** Parameters of one page of the API. */
export const pageQuery = (
  filters: AuditFilters,
  place: Pick<AuditQuery, 'before' | 'after'>,
  limit: number,
): Readonly<Record<string, string | number | undefined>> => ({ ...filterQuery(filters), ...place, limit })
