import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { RefusedError } from '../errors.ts'
import { isOver, type Held, type HeldBooks } from './held.ts'
import { digest, isSecret, newSecret } from './secrets.ts'

export interface SessionLife {
  /** ms without use. */
  readonly idle: number
  /** ms since signing in. */
  readonly lifetime: number
}

/** How a session came about: how its user proved who they are, and from where. */
export interface Origin {
  /** `password`, `oidc`, `proxy`, `setup`. */
  readonly method: string
  readonly ip: string
  /** The browser as it names itself. */
  readonly agent: string
  /** When they did, ms since the epoch; undefined: just now. */
  readonly provedAt?: number | undefined
}

export interface NewSession {
  readonly id: string
  /** For the cookie; nowhere else. */
  readonly secret: string
}

export interface Sessions {
  /** In the transaction of a sign-in. `roles` are those that the user holds now. */
  create(tx: Transaction<Schema>, userId: string, origin: Origin, roles: string): Promise<NewSession>
  /** The session behind a cookie, if it is one and not over; from memory in the common case. */
  find(secret: string): Promise<Held | undefined>
  /** A new secret for the same session; the old one is understood for half a minute. */
  rotate(held: Held, change?: { readonly roles?: string; readonly authenticatedAt?: number }): Promise<string>
}

const over = (): RefusedError => new RefusedError(401, 'UNAUTHENTICATED', 'This session is over; sign in again')

const agentLength = 300
/** ms for which requests that were under way may still carry the secret before. */
const rotationGrace = 30_000

const rowOf = (db: Db, hash: string) =>
  db
    .selectFrom('aura.session as s')
    .innerJoin('aura.user as u', 'u.id', 's.user_id')
    .selectAll('s')
    .select(['u.name as user_name', 'u.state'])
    .where('s.hash', '=', hash)
    .executeTakeFirst()

type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>

const heldOf = (row: Row, idle: number): Held => ({
  kind: 'session',
  id: row.id,
  hash: row.hash,
  userId: row.user_id,
  userName: row.user_name,
  expiresAt: row.expires_at.getTime(),
  idle,
  lastSeenAt: row.last_seen_at.getTime(),
  writtenAt: row.last_seen_at.getTime(),
  authenticatedAt: row.authenticated_at.getTime(),
  method: row.method,
  csrf: row.csrf,
  roles: row.roles,
  scopes: undefined,
  ended: false,
})

/** Sessions in PostgreSQL, known by the hash of an opaque secret, with those in use held in memory. */
export function createSessions(db: Db, books: HeldBooks, life: SessionLife, now: () => number): Sessions {
  async function load(hash: string): Promise<Held | undefined> {
    const { generation } = books
    const row = await rowOf(db, hash)
    // Something ended while the answer was on its way: it may be this one.
    if (books.generation !== generation) return load(hash)
    if (row?.state !== 'active') return undefined
    const known = books.byId(row.id)
    const held = known !== undefined && known.hash === hash ? known : heldOf(row, life.idle)
    if (isOver(held, now())) return undefined
    if (held !== known) books.add(held)
    return held
  }
  return {
    async create(tx, userId, { method, ip, agent, provedAt = now() }, roles) {
      const secret = newSecret()
      const id = randomUUID()
      const at = new Date(now())
      const expires_at = new Date(now() + life.lifetime)
      const times = { created_at: at, last_seen_at: at, authenticated_at: new Date(provedAt), expires_at }
      const from = { method, ip, agent: agent.slice(0, agentLength).replaceAll(/\p{C}/gu, '') }
      const values = { id, hash: digest(secret), user_id: userId, csrf: newSecret(), roles, ...from, ...times }
      await tx.insertInto('aura.session').values(values).execute()
      return { id, secret }
    },
    async find(secret) {
      if (!isSecret(secret)) return undefined
      const hash = digest(secret)
      const held = books.byHash(hash)
      if (held === undefined) return load(hash)
      return isOver(held, now()) ? undefined : held
    },
    async rotate(held, change = {}) {
      const secret = newSecret()
      const { roles = held.roles, authenticatedAt = held.authenticatedAt ?? now() } = change
      const hash = digest(secret)
      const done = await db
        .updateTable('aura.session')
        .set({ hash, roles, authenticated_at: new Date(authenticatedAt) })
        .where('id', '=', held.id)
        .where('hash', '=', held.hash)
        .executeTakeFirst()
      if (done.numUpdatedRows !== 1n || held.ended) throw over()
      Object.assign(held, { roles, authenticatedAt })
      books.rehash(held, hash, now() + rotationGrace)
      return secret
    },
  }
}
