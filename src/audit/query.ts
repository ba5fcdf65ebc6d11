import { sql, type Selectable, type SelectQueryBuilder } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { rowOf } from './row.ts'
import type { AuditLogTable } from './tables.ts'
import type { AuditRow } from './types.ts'

/** What may be asked for; all of it must hold. Times are ms since the epoch. */
export interface AuditFilter {
  readonly actor?: string
  /** Exact, or with `*` at its end all that begin alike. */
  readonly action?: string
  readonly object?: string
  readonly decision?: 'allow' | 'deny' | 'none'
  readonly from?: number
  /** Not included. */
  readonly until?: number
  readonly requestId?: string
  /** Free text over the whole row, upper and lower case alike. */
  readonly q?: string
}

type Query = SelectQueryBuilder<Schema, 'audit.log', Pick<Selectable<AuditLogTable>, 'body' | 'prev_hash' | 'hash'>>

const literal = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

function like(query: Query, column: 'action' | 'object', value: string | undefined): Query {
  if (value === undefined) return query
  if (value.endsWith('*')) return query.where(column, 'like', `${literal(value.slice(0, -1))}%`)
  return query.where(column, '=', value)
}

function filtered(db: Db, { actor, action, object, decision, from, until, requestId, q }: AuditFilter): Query {
  let query: Query = db.selectFrom('audit.log').select(['body', 'prev_hash', 'hash'])
  query = like(like(query, 'action', action), 'object', object)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (decision !== undefined) query = query.where('decision', '=', decision)
  if (from !== undefined) query = query.where('ts', '>=', new Date(from))
  if (until !== undefined) query = query.where('ts', '<', new Date(until))
  if (requestId !== undefined) query = query.where('request_id', '=', requestId)
  // The body is JSON: what somebody looks for is written there with its escapes.
  if (q !== undefined) query = query.where('body', 'ilike', `%${literal(JSON.stringify(q).slice(1, -1))}%`)
  return query
}

/** Rows with the addresses that were not erased. */
export async function addressed(db: Db, stored: readonly Parameters<typeof rowOf>[0][]): Promise<AuditRow[]> {
  const refs = new Set(
    stored.map(({ body }) => (JSON.parse(body) as { ip?: string }).ip).filter((ip) => ip !== undefined),
  )
  const known =
    refs.size === 0
      ? []
      : await db
          .selectFrom('aura.audit_address')
          .select(['ref', 'ip'])
          .where('ref', 'in', [...refs])
          .execute()
  const addresses = new Map(known.map(({ ref, ip }) => [ref, ip]))
  return stored.map((row) => rowOf(row, addresses))
}

/** Longest time a search may take, ms: a free text that is nowhere reads the whole log. */
const searchTime = 15_000

/** Newest first: up to `limit` rows older than `before`, newer than `after`. */
export async function auditPage(
  db: Db,
  filter: AuditFilter & { readonly before?: number; readonly after?: number; readonly limit: number },
): Promise<{ readonly rows: readonly AuditRow[]; readonly newest: number }> {
  const { before, after, limit } = filter
  return db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = ${sql.lit(searchTime)}`.execute(tx)
    let query = filtered(tx, filter)
    if (before !== undefined) query = query.where('seq', '<', String(before))
    if (after !== undefined) query = query.where('seq', '>', String(after))
    const rows = await addressed(tx, await query.orderBy('seq', 'desc').limit(limit).execute())
    return { rows, newest: await newestSeq(tx) }
  })
}

export async function newestSeq(db: Db): Promise<number> {
  const newest = await db.selectFrom('audit.log').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return Number(newest?.seq ?? 0)
}

const step = 1000

/** Oldest first, all of it, a thousand rows in memory at a time; up to the row that is newest now. */
export async function* auditRows(db: Db, filter: AuditFilter): AsyncGenerator<AuditRow> {
  const end = await newestSeq(db)
  for (let last = 0; ;) {
    const query = filtered(db, filter).where('seq', '>', String(last)).where('seq', '<=', String(end))
    const rows = await addressed(db, await query.orderBy('seq').limit(step).execute())
    yield* rows
    if (rows.length < step) return
    last = rows.at(-1)?.seq ?? end
  }
}
