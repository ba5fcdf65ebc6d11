import { randomUUID } from 'node:crypto'
import { sql, type Selectable, type Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { RefusedError } from '../errors.ts'
import { loginKey, parseLogin } from './login-name.ts'
import type { UserTable } from './tables.ts'

export type UserState = 'invited' | 'active' | 'locked' | 'erased'

/** A user as the rest of Aura sees it. Times are ms since the epoch. */
export interface User {
  readonly id: string
  /** What is typed in at sign-in; undefined once erased. */
  readonly login: string | undefined
  readonly name: string
  readonly email: string | undefined
  readonly state: UserState
  readonly createdAt: number
  readonly lastSeenAt: number | undefined
}

export interface NewUser {
  readonly login: string
  readonly name: string
  readonly email?: string | undefined
}

export const userOf = (row: Selectable<UserTable>): User => ({
  id: row.id,
  login: row.login ?? undefined,
  name: row.name,
  email: row.email ?? undefined,
  state: row.state as UserState,
  createdAt: row.created_at.getTime(),
  lastSeenAt: row.last_seen_at?.getTime(),
})

export const noSuchUser = (): RefusedError => new RefusedError(404, 'NOT_FOUND', 'There is no such user')
const taken = (): RefusedError =>
  new RefusedError(409, 'IN_USE', 'There is a user of this name, or of one that looks like it')

/** Control characters have no place in what people read in lists and logs. */
const clean = (text: string): string => text.normalize('NFC').replaceAll(/\p{C}/gu, '').trim().slice(0, 200)

/** Adds a user in the given transaction. Throws `RefusedError` for a name that is taken or looks like one that is. */
export async function insertUser(
  tx: Transaction<Schema>,
  { login: text, name, email }: NewUser,
  state: UserState,
  now: number,
): Promise<User> {
  const { login, key, skeleton } = parseLogin(text)
  const row = await tx
    .insertInto('aura.user')
    .values({
      id: randomUUID(),
      login,
      login_key: key,
      login_skeleton: skeleton,
      name: clean(name) || login,
      email: email === undefined ? null : clean(email),
      state,
      created_at: new Date(now),
      last_seen_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw taken()
  return userOf(row)
}

/** The user of a name as it was typed in, whatever its case. */
export async function userByLogin(db: Db, login: string): Promise<User | undefined> {
  const row = await db.selectFrom('aura.user').selectAll().where('login_key', '=', loginKey(login)).executeTakeFirst()
  return row && userOf(row)
}

/** What a sign-in needs to know, in one question; `known`: a session of this user lives at that address. */
export async function signInFacts(db: Db, login: string, ip: string) {
  return db
    .selectFrom('aura.user as u')
    .leftJoin('aura.credential as c', 'c.user_id', 'u.id')
    .select(['u.id', 'u.name', 'u.login', 'u.state', 'c.hash'])
    .select(
      sql<boolean>`exists (select 1 from aura.session s where s.user_id = u.id and s.ip = ${ip} and s.expires_at > now())`.as(
        'known',
      ),
    )
    .where('u.login_key', '=', loginKey(login))
    .executeTakeFirst()
}

export async function setPassword(tx: Transaction<Schema>, userId: string, hash: string, now: number): Promise<void> {
  const changed = { hash, changed_at: new Date(now) }
  await tx
    .insertInto('aura.credential')
    .values({ user_id: userId, ...changed })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(changed))
    .execute()
}

export async function anyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('aura.user').select('id').limit(1).executeTakeFirst()) !== undefined
}
