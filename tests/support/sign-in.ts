import { randomUUID } from 'node:crypto'
import { digest, newSecret, newToken } from '../../src/auth/secrets.ts'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { insertUser } from '../../src/auth/users.ts'
import type { TestConsole } from './console.ts'

/** Headers of somebody's requests. */
export type Headers = Readonly<Record<string, string>>

/** A new active user with these roles; the id. */
export async function makeUser({ app, access }: TestConsole, ...roles: string[]): Promise<string> {
  const login = `u${randomUUID().slice(0, 12)}`
  const user = await app.database.db
    .transaction()
    .execute((tx) => insertUser(tx, { login, name: login }, 'active', Date.now()))
  for (const role of roles) {
    const fields = { subject: { kind: 'user', id: user.id }, role, scope: '*', expiresAt: undefined } as const
    await access.policy.assign(systemCaller('setup'), fields)
  }
  return user.id
}

/** A new session of a user, ending at `expiresAt` (ms), as if they had signed in just now. */
export async function session(
  { app }: TestConsole,
  userId: string,
  expiresAt = Date.now() + 3_600_000,
): Promise<Headers> {
  const [secret, csrf, id] = [newSecret(), newSecret(), randomUUID()]
  const now = new Date()
  await app.database.db
    .insertInto('aura.session')
    .values({
      id,
      hash: digest(secret),
      user_id: userId,
      created_at: now,
      last_seen_at: now,
      authenticated_at: now,
      expires_at: new Date(expiresAt),
      method: 'password',
      ip: '127.0.0.1',
      agent: 'test',
      csrf,
      roles: '',
    })
    .execute()
  return { cookie: `aura_session=${secret}`, 'x-csrf-token': csrf, 'sec-fetch-site': 'same-origin' }
}

/** A new token of a user; `scopes` null: all that they may. */
export async function token(
  { app }: TestConsole,
  userId: string,
  scopes: readonly string[] | null = null,
  expiresAt?: number,
): Promise<Headers> {
  const secret = newToken()
  await app.database.db
    .insertInto('aura.token')
    .values({
      id: randomUUID(),
      hash: digest(secret),
      user_id: userId,
      name: 'test',
      scopes: scopes === null ? null : JSON.stringify(scopes),
      created_at: new Date(),
      created_by: userId,
      expires_at: expiresAt === undefined ? null : new Date(expiresAt),
      last_used_at: null,
    })
    .execute()
  return { authorization: `Bearer ${secret}` }
}
