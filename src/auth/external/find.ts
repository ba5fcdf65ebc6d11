import { sql } from 'kysely'
import type { Db } from '../../database/schema.ts'
import { loginKey } from '../login-name.ts'
import type { Tx } from '../policy/store-types.ts'
import type { ExternalPerson, ExternalRules } from './types.ts'

/** Id of the user whom somebody elsewhere is here. */
export async function userOfIdentity(
  db: Db,
  { issuer, subject }: Pick<ExternalPerson, 'issuer' | 'subject'>,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('aura.external_identity')
    .select('user_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.user_id
}

// Outside ASCII two addresses may become equal by what a database thinks is lower case.
const plainAddress = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/

async function byEmail(tx: Tx, { email }: ExternalPerson): Promise<string[]> {
  if (email === undefined || !plainAddress.test(email)) return []
  const query = tx.selectFrom('aura.user').select('id').where('state', 'in', ['active', 'invited'])
  const rows = await query
    .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
    .limit(2)
    .execute()
  return rows.map(({ id }) => id)
}

async function byLogin(tx: Tx, { subject }: ExternalPerson): Promise<string[]> {
  const query = tx.selectFrom('aura.user').select('id').where('state', 'in', ['active', 'invited'])
  return (await query.where('login_key', '=', loginKey(subject)).execute()).map(({ id }) => id)
}

/**
 * The one user who is meant by somebody who comes for the first time; undefined if none is, or several. Whoever is
 * already somebody else over there is not taken over.
 */
export async function userToLink(tx: Tx, person: ExternalPerson, { linkBy }: ExternalRules) {
  if (linkBy === undefined) return undefined
  const [id, ...others] = await (linkBy === 'email' ? byEmail(tx, person) : byLogin(tx, person))
  if (id === undefined || others.length > 0) return undefined
  const known = await tx
    .selectFrom('aura.external_identity')
    .select('subject')
    .where('user_id', '=', id)
    .where('issuer', '=', person.issuer)
    .executeTakeFirst()
  return known === undefined ? id : undefined
}
