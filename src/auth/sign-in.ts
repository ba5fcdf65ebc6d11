import { InvalidRequestError, RefusedError } from '../errors.ts'
import { heldOf } from './callers.ts'
import type { Held } from './held.ts'
import { bumpIdentity } from './identity-version.ts'
import type { From, IdentityDeps } from './identity-deps.ts'
import { checkNewPassword } from './password-rules.ts'
import { actorOf } from './policy/entries.ts'
import { prove } from './prove.ts'
import { deleteSession, endHeld, openSession } from './session-opening.ts'
import type { NewSession } from './sessions.ts'
import type { Caller } from './types.ts'
import { setPassword } from './users.ts'

const noPassword = (): RefusedError =>
  new RefusedError(409, 'NO_PASSWORD', 'This account has no password; prove who you are where you signed in')
const notSignedIn = (): RefusedError => new RefusedError(403, 'NO_SESSION', 'This takes a session, not a token')

function sessionOf(caller: Caller): Held {
  const held = heldOf(caller)
  if (held?.kind !== 'session') throw notSignedIn()
  return held
}

/** The name under which a user signs in with a password. */
async function passwordLogin({ db }: IdentityDeps, userId: string): Promise<string> {
  const row = await db
    .selectFrom('aura.user as u')
    .innerJoin('aura.credential as c', 'c.user_id', 'u.id')
    .select('u.login')
    .where('u.id', '=', userId)
    .executeTakeFirst()
  if (row?.login === undefined || row.login === null) throw noPassword()
  return row.login
}

async function rehash({ db, passwords, now }: IdentityDeps, userId: string, password: string): Promise<void> {
  const hash = await passwords.hash(password)
  await db.transaction().execute((tx) => setPassword(tx, userId, hash, now()))
}

async function signOut(deps: IdentityDeps, caller: Caller, from: From): Promise<void> {
  const { db, audit } = deps
  const { id } = sessionOf(caller)
  await db.transaction().execute(async (tx) => {
    await deleteSession(tx, caller)
    const about = { actor: actorOf(caller), object: `session:${id}`, requestId: from.requestId }
    await audit.append(tx, { ...about, action: 'session.end', decision: 'none' })
  })
  endHeld(deps, caller)
}

async function confirm(deps: IdentityDeps, caller: Caller, password: string, from: From): Promise<string> {
  sessionOf(caller)
  const { outdated } = await prove(deps, await passwordLogin(deps, caller.id), password, from, 'session.confirm')
  if (outdated) await rehash(deps, caller.id, password)
  return confirmed(deps, caller, from)
}

async function confirmed({ audit, sessions, now }: IdentityDeps, caller: Caller, from: From): Promise<string> {
  const held = sessionOf(caller)
  const about = { actor: actorOf(caller), object: `session:${held.id}`, requestId: from.requestId }
  await audit.record({ ...about, action: 'session.confirm', decision: 'allow' })
  return sessions.rotate(held, { authenticatedAt: now() })
}

/** What a person wants to change a password from and to. */
export interface PasswordChange {
  readonly current: string
  readonly next: string
}

async function changePassword(
  deps: IdentityDeps,
  caller: Caller,
  { current, next }: PasswordChange,
  from: From,
): Promise<string> {
  const { db, audit, sessions, passwords, books, tell, config, now } = deps
  const held = sessionOf(caller)
  const login = await passwordLogin(deps, caller.id)
  checkNewPassword(next, config.password_min_length, login)
  await prove(deps, login, current, from, 'password.change')
  if (current === next) throw new InvalidRequestError('This is the password that you have')
  const hash = await passwords.hash(next)
  await db.transaction().execute(async (tx) => {
    await bumpIdentity(tx)
    await setPassword(tx, caller.id, hash, now())
    await tx.deleteFrom('aura.session').where('user_id', '=', caller.id).where('id', '<>', held.id).execute()
    const about = { actor: actorOf(caller), object: `user:${caller.id}`, requestId: from.requestId }
    await audit.append(tx, { ...about, action: 'password.change', decision: 'allow' })
  })
  books.end(({ userId, kind, id }) => userId === caller.id && kind === 'session' && id !== held.id)
  tell({ userId: caller.id, credential: undefined })
  return sessions.rotate(held, { authenticatedAt: now() })
}

export interface SignIn {
  /** A session for whoever knows the password; the one that the browser had before ends. */
  signIn(login: string, password: string, from: From, before: Caller | undefined): Promise<NewSession>
  /** The same for a user who proved it in another way, at `provedAt` (ms since the epoch; without it just now). */
  open(userId: string, from: From, method: string, before: Caller | undefined, provedAt?: number): Promise<NewSession>
  signOut(caller: Caller, from: From): Promise<void>
  /** The password once more; resolves with a new secret for the session. */
  confirm(caller: Caller, password: string, from: From): Promise<string>
  /** The same for a user who proved it in another way. */
  confirmed(caller: Caller, from: From): Promise<string>
  /** Another password: every other session of the user ends, and this one gets a new secret, which it resolves with. */
  changePassword(caller: Caller, change: PasswordChange, from: From): Promise<string>
}

export const createSignIn = (deps: IdentityDeps): SignIn => ({
  async signIn(login, password, from, before) {
    const { id, outdated } = await prove(deps, login, password, from, 'session.refuse')
    if (outdated) await rehash(deps, id, password)
    return openSession(deps, id, from, 'password', before)
  },
  open: (...about) => openSession(deps, ...about),
  signOut: (...about) => signOut(deps, ...about),
  confirm: (...about) => confirm(deps, ...about),
  confirmed: (...about) => confirmed(deps, ...about),
  changePassword: (...about) => changePassword(deps, ...about),
})
