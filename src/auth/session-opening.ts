import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { bumpIdentity } from './identity-version.ts'
import type { From, IdentityDeps } from './identity-deps.ts'
import type { NewSession } from './sessions.ts'
import type { Caller } from './types.ts'

/** Roles at a moment, as they are kept with a session: when they change, its secret does. */
export const rolesAt = ({ policy, now }: Pick<IdentityDeps, 'policy' | 'now'>, userId: string): string =>
  policy.compiled().rolesOf(userId, now()).toSorted().join(' ')

/** Ends a caller's session in memory, once that was committed. */
export function endHeld({ books, tell }: IdentityDeps, caller: Caller): void {
  books.end(({ id }) => id === caller.credential)
  tell({ userId: caller.id, credential: caller.credential })
}

export async function deleteSession(tx: Transaction<Schema>, caller: Caller): Promise<void> {
  await bumpIdentity(tx)
  await tx
    .deleteFrom('aura.session')
    .where('id', '=', caller.credential ?? '')
    .execute()
}

/**
 * A new session; the one that the browser had, whoever's it was, ends. `method`: how its user proved who they are;
 * `provedAt`: when, where that is not now.
 */
export async function openSession(
  deps: IdentityDeps,
  userId: string,
  from: From,
  method: string,
  before: Caller | undefined,
  provedAt?: number,
): Promise<NewSession> {
  const { db, audit, sessions, now } = deps
  const roles = rolesAt(deps, userId)
  const made = await db.transaction().execute(async (tx) => {
    if (before?.proof === 'session') await deleteSession(tx, before)
    const session = await sessions.create(tx, userId, { method, ip: from.ip, agent: from.agent, provedAt }, roles)
    const seen = { last_seen_at: new Date(now()) }
    await tx.updateTable('aura.user').set(seen).where('id', '=', userId).execute()
    await audit.append(tx, {
      actor: { id: userId, session: session.id, ip: from.ip },
      action: 'session.create',
      object: `session:${session.id}`,
      decision: 'allow',
      after: { method },
      requestId: from.requestId,
    })
    return session
  })
  if (before?.proof === 'session') endHeld(deps, before)
  return made
}
