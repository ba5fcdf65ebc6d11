import type { Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { RefusedError } from '../errors.ts'
import { digest, isSecret, newSecret } from './secrets.ts'

/** ms; an invitation may travel by mail. */
export const invitationLife = 7 * 86_400_000

export interface Invitation {
  /** For the link, after `#token=`; stored as a hash alone. */
  readonly secret: string
  /** ms since the epoch. */
  readonly expiresAt: number
}

export const spent = (): RefusedError =>
  new RefusedError(403, 'LINK_SPENT', 'This link was used already, has run out, or a newer one has replaced it')

/** A link to choose a password with; the one before is void. Without a user it is for the first owner, and lasts. */
export async function invite(tx: Transaction<Schema>, userId: string | null, now: number): Promise<Invitation> {
  const secret = newSecret()
  const expiresAt = now + invitationLife
  const before = tx.deleteFrom('aura.invitation')
  await (userId === null ? before.where('user_id', 'is', null) : before.where('user_id', '=', userId)).execute()
  const expires_at = userId === null ? null : new Date(expiresAt)
  const values = { hash: digest(secret), user_id: userId, created_at: new Date(now), expires_at }
  await tx.insertInto('aura.invitation').values(values).execute()
  return { secret, expiresAt }
}

/** Whom a link is for, without using it up; `user_id` null: the first owner. */
export async function findInvitation(db: Db, secret: string, now: number) {
  if (!isSecret(secret)) return undefined
  const found = await db
    .selectFrom('aura.invitation as i')
    .leftJoin('aura.user as u', 'u.id', 'i.user_id')
    .select(['i.user_id', 'u.login', 'i.expires_at'])
    .where('i.hash', '=', digest(secret))
    .executeTakeFirst()
  return found === undefined || (found.expires_at !== null && found.expires_at.getTime() <= now) ? undefined : found
}

/** Takes a link out of the world: of two who use it at once, one does. */
export async function spend(tx: Transaction<Schema>, secret: string): Promise<void> {
  const gone = await tx.deleteFrom('aura.invitation').where('hash', '=', digest(secret)).executeTakeFirst()
  if (gone.numDeletedRows !== 1n) throw spent()
}
