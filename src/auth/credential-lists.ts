import { sql, type SelectQueryBuilder, type Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'

type Tx = Transaction<Schema>

export interface PageQuery {
  /** Id of a user; undefined: everybody's. */
  readonly user?: string | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** A session as people see it; times are ms since the epoch. Its secret is nowhere. */
export interface ListedSession {
  readonly id: string
  readonly user: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  readonly ip: string
  readonly agent: string
  readonly method: string
}

export interface ListedToken {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly scopes: readonly string[] | undefined
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | undefined
  readonly lastUsedAt: number | undefined
}

const timesOf = (after: string | undefined): { readonly at: Date; readonly id: string } | undefined => {
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(after ?? '') ?? []
  return at === undefined || id === undefined ? undefined : { at: new Date(Number(at)), id }
}

interface Dated {
  readonly id: string
  readonly created_at: Date
}

/** Newest first; those of the same moment by id. Times are compared as they are shown, in whole milliseconds. */
function page<Table extends 'aura.session' | 'aura.token', Row>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  { user, after, limit }: PageQuery,
): SelectQueryBuilder<Schema, Table, Row> {
  const from = timesOf(after)
  const whose = user === undefined ? sql<boolean>`true` : sql<boolean>`user_id = ${user}`
  const rest =
    from === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(date_trunc('milliseconds', created_at), id) < (${from.at}, ${from.id})`
  return query
    .where(whose)
    .where(rest)
    .orderBy(sql`date_trunc('milliseconds', created_at)`, 'desc')
    .orderBy(sql`id`, 'desc')
    .limit(limit + 1)
}

function nextOf(rows: readonly Dated[], limit: number): { readonly next?: string } {
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? { next: `${last.created_at.getTime()}.${last.id}` } : {}
}

/** Sessions that are not over by their lifetime. */
export async function pageOfSessions(
  db: Db,
  query: PageQuery,
  now: number,
): Promise<{ readonly sessions: readonly ListedSession[]; readonly next?: string }> {
  const rows = await page(db.selectFrom('aura.session').selectAll(), query)
    .where('expires_at', '>', new Date(now))
    .execute()
  const sessions = rows.slice(0, query.limit).map((row) => ({
    id: row.id,
    user: row.user_id,
    createdAt: row.created_at.getTime(),
    lastSeenAt: row.last_seen_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    ip: row.ip,
    agent: row.agent,
    method: row.method,
  }))
  return { sessions, ...nextOf(rows, query.limit) }
}

/** Tokens, those that have expired too, until somebody takes them away. */
export async function pageOfTokens(
  db: Db,
  query: PageQuery,
): Promise<{ readonly tokens: readonly ListedToken[]; readonly next?: string }> {
  const rows = await page(db.selectFrom('aura.token').selectAll(), query).execute()
  const tokens = rows.slice(0, query.limit).map((row) => ({
    id: row.id,
    user: row.user_id,
    name: row.name,
    scopes: row.scopes === null ? undefined : (JSON.parse(row.scopes) as string[]),
    createdAt: row.created_at.getTime(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.getTime(),
    lastUsedAt: row.last_used_at?.getTime(),
  }))
  return { tokens, ...nextOf(rows, query.limit) }
}

async function ownerOf(tx: Tx, table: 'aura.session' | 'aura.token', id: string, of: string | undefined) {
  const row = await tx.selectFrom(table).select('user_id').where('id', '=', id).executeTakeFirst()
  return of === undefined || row?.user_id === of ? row?.user_id : undefined
}

/** Whose session that is; undefined if it is not there, or not `of`'s. */
export const oneSession = (tx: Tx, id: string, of: string | undefined): Promise<string | undefined> =>
  ownerOf(tx, 'aura.session', id, of)

/** The same for a token. */
export const oneToken = (tx: Tx, id: string, of: string | undefined): Promise<string | undefined> =>
  ownerOf(tx, 'aura.token', id, of)

/** How many tokens a user has. */
export async function heldBy(tx: Tx, userId: string): Promise<number> {
  const row = await tx
    .selectFrom('aura.token')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
