import { sql, type Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { noSuchUser, userOf, type User, type UserState } from './users.ts'

export interface UserQuery {
  /** Part of a login, name or address. */
  readonly search?: string | undefined
  readonly state?: UserState | undefined
  readonly ids?: readonly string[] | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** A user with how they can sign in: `password`, `oidc`, `proxy`. */
export type ListedUser = User & { readonly methods: readonly string[] }

const methods = sql<string[]>`array(
  select 'password' from aura.credential c where c.user_id = u.id
  union select e.method from aura.external_identity e where e.user_id = u.id
)`.as('methods')

/** Sorted by name to sign in with; those who have none any more come last. */
const order = sql<string>`coalesce(u.login_key, '~') || ' ' || u.id`

const like = (text: string): string => `%${text.normalize('NFKC').replaceAll(/[\\%_]/g, '\\$&')}%`

export async function pageOfUsers(
  db: Db,
  { search, state, ids, after, limit }: UserQuery,
): Promise<{ readonly users: readonly ListedUser[]; readonly next?: string }> {
  let query = db
    .selectFrom('aura.user as u')
    .selectAll('u')
    .select([methods, sql<string>`encode(convert_to(${order}, 'UTF8'), 'hex')`.as('place')])
    .orderBy(sql`${order} collate "C"`)
    .limit(limit + 1)
  if (state !== undefined) query = query.where('u.state', '=', state)
  if (ids !== undefined) query = query.where((eb) => eb('u.id', '=', eb.fn.any(eb.val([...ids]))))
  if (search !== undefined && search !== '') {
    const part = like(search)
    query = query.where((eb) =>
      eb.or([eb('u.login', 'ilike', part), eb('u.name', 'ilike', part), eb('u.email', 'ilike', part)]),
    )
  }
  if (after !== undefined && /^([0-9a-f]{2})+$/.test(after)) {
    query = query.where(sql<boolean>`${order} collate "C" > ${Buffer.from(after, 'hex').toString()} collate "C"`)
  }
  const rows = await query.execute()
  const users = rows.slice(0, limit).map((row) => Object.assign(userOf(row), { methods: row.methods }))
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? { users, next: last.place } : { users }
}

export async function readUser(db: Db, id: string): Promise<ListedUser | undefined> {
  return (await pageOfUsers(db, { ids: [id], limit: 1 })).users[0]
}

/** The user, held until the end of the transaction; throws when there is none. */
export async function lockUser(tx: Transaction<Schema>, id: string): Promise<User> {
  const row = await tx.selectFrom('aura.user').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (row === undefined) throw noSuchUser()
  return userOf(row)
}

/** Id -> name as it is now; ids of users who are gone are not in it. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {}
  const rows = await db
    .selectFrom('aura.user')
    .select(['id', 'name'])
    .where('state', '<>', 'erased')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([...new Set(ids)]))))
    .execute()
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

/** Of these users, those who may sign in. For the policy, so that a locked owner does not count as the last. */
export async function activeUsers(tx: Transaction<Schema>, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('aura.user')
    .select('id')
    .where('state', '=', 'active')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([...ids]))))
    .execute()
  return rows.map(({ id }) => id)
}
