import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { isOver, type Held, type HeldBooks } from './held.ts'
import { digest, isToken, newToken } from './secrets.ts'

export interface TokenOrder {
  readonly userId: string
  readonly name: string
  /** Capabilities it is narrowed to; undefined: whatever its owner holds. */
  readonly scopes: readonly string[] | undefined
  /** ms since the epoch. */
  readonly expiresAt: number | undefined
  /** Id of the user who made it, or `system`. */
  readonly createdBy: string
}

export interface NewToken {
  readonly id: string
  /** Shown once. */
  readonly secret: string
}

export interface Tokens {
  create(tx: Transaction<Schema>, order: TokenOrder): Promise<NewToken>
  /** The token, if it is one and not over; from memory in the common case. */
  find(secret: string): Promise<Held | undefined>
}

const rowOf = (db: Db, hash: string) =>
  db
    .selectFrom('aura.token as t')
    .innerJoin('aura.user as u', 'u.id', 't.user_id')
    .selectAll('t')
    .select(['u.name as user_name', 'u.state'])
    .where('t.hash', '=', hash)
    .executeTakeFirst()

type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>

const heldOf = (row: Row): Held => ({
  kind: 'token',
  id: row.id,
  hash: row.hash,
  userId: row.user_id,
  userName: row.user_name,
  expiresAt: row.expires_at?.getTime(),
  idle: undefined,
  lastSeenAt: row.last_used_at?.getTime() ?? row.created_at.getTime(),
  writtenAt: row.last_used_at?.getTime(),
  authenticatedAt: undefined,
  method: 'token',
  csrf: '',
  roles: '',
  scopes: row.scopes === null ? undefined : new Set(JSON.parse(row.scopes) as string[]),
  ended: false,
})

/** API tokens in PostgreSQL, known by their hash, with those in use held in memory. */
export function createTokens(db: Db, books: HeldBooks, now: () => number): Tokens {
  async function load(hash: string): Promise<Held | undefined> {
    const { generation } = books
    const row = await rowOf(db, hash)
    if (books.generation !== generation) return load(hash)
    if (row?.state !== 'active') return undefined
    const held = books.byId(row.id) ?? heldOf(row)
    if (isOver(held, now())) return undefined
    if (books.byId(held.id) === undefined) books.add(held)
    return held
  }
  return {
    async create(tx, { userId, name, scopes, expiresAt, createdBy }) {
      const secret = newToken()
      const id = randomUUID()
      await tx
        .insertInto('aura.token')
        .values({
          id,
          hash: digest(secret),
          user_id: userId,
          name,
          scopes: scopes === undefined ? null : JSON.stringify(scopes),
          created_at: new Date(now()),
          created_by: createdBy,
          expires_at: expiresAt === undefined ? null : new Date(expiresAt),
          last_used_at: null,
        })
        .execute()
      return { id, secret }
    },
    async find(secret) {
      if (!isToken(secret)) return undefined
      const hash = digest(secret)
      const held = books.byHash(hash)
      if (held === undefined) return load(hash)
      return isOver(held, now()) ? undefined : held
    },
  }
}
