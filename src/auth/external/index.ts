import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { InvalidRequestError, RefusedError } from '../../errors.ts'
import type { From, IdentityDeps } from '../identity-deps.ts'
import { systemCaller } from '../policy/check.ts'
import type { Caller } from '../types.ts'
import { actorOf } from '../policy/entries.ts'
import type { Tx } from '../policy/store-types.ts'
import { lockUser } from '../user-lists.ts'
import { anyUser, insertUser, type User } from '../users.ts'
import { userOfIdentity, userToLink } from './find.ts'
import { mappingEdit, unknownRoles } from './mapping.ts'
import type { ExternalPerson, ExternalRules } from './types.ts'

/** People for whom somebody else vouches. */
export interface External {
  /** The user whom somebody is here, with the roles that follow from their groups. Throws `RefusedError`. */
  admit(person: ExternalPerson, rules: ExternalRules, from: From): Promise<string>
  /** Ties somebody elsewhere to whoever is signed in. Throws `RefusedError` LINKED when they are another user's. */
  link(caller: Caller, person: ExternalPerson, method: ExternalRules['method'], from: From): Promise<void>
  userOf(person: Pick<ExternalPerson, 'issuer' | 'subject'>): Promise<string | undefined>
}

const noAccount = (): RefusedError =>
  new RefusedError(403, 'NO_ACCOUNT', 'There is no account here for you; ask an administrator for one')
const noOwner = (): RefusedError =>
  new RefusedError(409, 'NO_OWNER', 'This Aura has no owner yet; open the link that it printed when it started')
const notAllowed = (): RefusedError => new RefusedError(403, 'ACCOUNT_LOCKED', 'This account may not sign in')
const noName = (): RefusedError =>
  new RefusedError(409, 'NO_NAME', 'No user name could be made for you; ask an administrator for an account')
const unmappable = (cause: RefusedError): RefusedError =>
  Object.assign(
    new RefusedError(409, 'GROUPS', 'What your groups stand for cannot be given to you here; ask an administrator'),
    { cause },
  )

const linked = (): RefusedError => new RefusedError(409, 'LINKED', 'That account belongs to another user here already')

interface About {
  readonly deps: IdentityDeps
  readonly tx: Tx
  readonly person: ExternalPerson
  readonly rules: ExternalRules
  readonly from: From
}

async function note({ deps, tx, from }: About, action: string, id: string, after: object): Promise<void> {
  const about = { actor: { id, ip: from.ip }, action, object: `user:${id}`, requestId: from.requestId }
  await deps.audit.append(tx, { ...about, decision: 'allow', after: { ...after } })
}

/** An account under the first of the names that is free and looks like nobody else's. */
async function create(about: About): Promise<User> {
  const { deps, tx, person } = about
  const { name, email, logins } = person
  const spare = logins.map((login) => `${login.slice(0, 90)}-${randomBytes(3).toString('hex')}`)
  for (const login of [...logins, ...spare]) {
    try {
      const user = await insertUser(tx, { login, name: name || login, email }, 'active', deps.now())
      await note(about, 'user.create', user.id, { by: about.rules.method })
      return user
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof InvalidRequestError)) throw error
    }
  }
  throw noName()
}

async function activate({ tx }: About, id: string): Promise<void> {
  await tx.updateTable('aura.user').set({ state: 'active' }).where('id', '=', id).execute()
  await tx.deleteFrom('aura.invitation').where('user_id', '=', id).execute()
}

/** Somebody who was never here: the account meant for them, or a new one. */
async function welcome(about: About): Promise<User> {
  const { deps, tx, person, rules } = about
  // Otherwise the link of the first start would be void, and nobody an owner.
  if (!(await anyUser(tx))) throw noOwner()
  const found = await userToLink(tx, person, rules)
  if (found === undefined && !rules.autoCreate) throw noAccount()
  const user = found === undefined ? await create(about) : await lockUser(tx, found)
  const { issuer, subject } = person
  const at = new Date(deps.now())
  const tie = { issuer, subject, user_id: user.id, method: rules.method, created_at: at, last_used_at: at }
  await tx.insertInto('aura.external_identity').values(tie).execute()
  if (user.state === 'invited') await activate(about, user.id)
  await note(about, 'user.link', user.id, { issuer, by: rules.linkBy ?? rules.method })
  return user.state === 'invited' ? { ...user, state: 'active' } : user
}

async function returning({ deps, tx, person }: About, id: string): Promise<User> {
  const user = await lockUser(tx, id)
  await tx
    .updateTable('aura.external_identity')
    .set({ last_used_at: new Date(deps.now()) })
    .where('issuer', '=', person.issuer)
    .where('subject', '=', person.subject)
    .execute()
  return user
}

async function map({ deps, tx, person, rules, from }: About, id: string): Promise<void> {
  const missing = unknownRoles(deps.policy.compiled().policy, rules)
  if (missing.length > 0) deps.log.warn({ roles: missing }, 'roles are given by groups, but do not exist')
  const edit = mappingEdit(id, person.groups, rules, randomUUID)
  const within = { tx, ...(from.requestId !== undefined && { requestId: from.requestId }) }
  try {
    await deps.policy.change(systemCaller(rules.method), edit, within)
  } catch (error) {
    throw error instanceof RefusedError ? unmappable(error) : error
  }
}

/** Two tabs at once do it once. */
async function hold(tx: Tx, { issuer, subject }: ExternalPerson): Promise<void> {
  const key = JSON.stringify([issuer, subject])
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

async function link(deps: IdentityDeps, caller: Caller, person: ExternalPerson, method: string, from: From) {
  const { issuer, subject } = person
  await deps.db.transaction().execute(async (tx) => {
    await hold(tx, person)
    const known = await userOfIdentity(tx, person)
    if (known === caller.id) return
    if (known !== undefined) throw linked()
    const { state } = await lockUser(tx, caller.id)
    if (state !== 'active') throw notAllowed()
    const tie = { issuer, subject, user_id: caller.id, method, created_at: new Date(deps.now()), last_used_at: null }
    await tx.insertInto('aura.external_identity').values(tie).execute()
    const about = {
      actor: actorOf(caller),
      action: 'user.link',
      object: `user:${caller.id}`,
      requestId: from.requestId,
    }
    await deps.audit.append(tx, { ...about, decision: 'allow', after: { issuer, by: 'self' } })
  })
}

/** Ties accounts elsewhere to users, keyed on issuer and subject: names and addresses change hands, those do not. */
export const createExternal = (deps: IdentityDeps): External => ({
  link: (...about) => link(deps, ...about),
  userOf: (person) => userOfIdentity(deps.db, person),
  async admit(person, rules, from) {
    const id = await deps.db.transaction().execute(async (tx) => {
      const about = { deps, tx, person, rules, from }
      await hold(tx, person)
      const known = await userOfIdentity(tx, person)
      const user = known === undefined ? await welcome(about) : await returning(about, known)
      if (user.state !== 'active') throw notAllowed()
      await map(about, user.id)
      return user.id
    })
    await deps.policy.refresh()
    return id
  },
})
