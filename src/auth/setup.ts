import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { RefusedError } from '../errors.ts'
import { bumpIdentity } from './identity-version.ts'
import type { From, IdentityDeps } from './identity-deps.ts'
import { findInvitation, invite, spend, spent } from './invitations.ts'
import { parseLogin } from './login-name.ts'
import { checkNewPassword } from './password-rules.ts'
import { systemCaller } from './policy/check.ts'
import { tooOften } from './prove.ts'
import { openSession } from './session-opening.ts'
import type { NewSession } from './sessions.ts'
import { lockUser } from './user-lists.ts'
import { anyUser, insertUser, setPassword } from './users.ts'

type Tx = Transaction<Schema>

/** What somebody with a link sends: who they want to be, as far as the link leaves that open. */
export interface Acceptance {
  readonly token: string
  readonly password: string
  /** For the first owner; an invitation names its user already. */
  readonly login?: string | undefined
  readonly name?: string | undefined
}

export interface Setup {
  /** At the start: the secret of a new link while there is no user; undefined once there is one. */
  link(): Promise<string | undefined>
  /** Whether the first owner is still to come. */
  needed(): Promise<boolean>
  /** Uses a link up: a password is set, and its user is signed in. */
  accept(acceptance: Acceptance, from: From): Promise<NewSession>
}

const owned = (): RefusedError => new RefusedError(409, 'HAS_OWNER', 'This Aura has an owner already; sign in')
const pair = 'link\0'

/** The invitation behind a link; whoever tries many is held as one who tries passwords. */
async function look({ db, throttle, now }: IdentityDeps, token: string, ip: string) {
  const wait = throttle.before(pair, ip)
  if (wait !== undefined) throw tooOften(wait)
  const found = await findInvitation(db, token, now())
  if (found !== undefined) return found
  throttle.failed(pair, ip)
  throw spent()
}

async function firstOwner({ policy, now }: IdentityDeps, tx: Tx, { login = '', name = '' }: Acceptance) {
  if ((await tx.selectFrom('aura.user').select('id').limit(1).executeTakeFirst()) !== undefined) throw owned()
  const { id } = await insertUser(tx, { login, name }, 'active', now())
  const subject = { kind: 'user', id } as const
  return { id, assign: () => policy.assign(systemCaller('setup'), { subject, ...ownerRole }, { tx }) }
}

const ownerRole = { role: 'owner', scope: '*', expiresAt: undefined }

async function activate(tx: Tx, id: string) {
  const done = await tx
    .updateTable('aura.user')
    .set({ state: 'active' })
    .where('id', '=', id)
    .where('state', 'in', ['invited', 'active'])
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw spent()
  // Whoever forgot the password may have lost more than that.
  await tx.deleteFrom('aura.session').where('user_id', '=', id).execute()
  return { id, assign: undefined }
}

async function accept(deps: IdentityDeps, acceptance: Acceptance, from: From): Promise<NewSession> {
  const { db, audit, policy, passwords, books, tell, config, now } = deps
  const { user_id: invited, login } = await look(deps, acceptance.token, from.ip)
  const name = login ?? acceptance.login ?? ''
  parseLogin(name)
  checkNewPassword(acceptance.password, config.password_min_length, name)
  const hash = await passwords.hash(acceptance.password)
  const userId = await db.transaction().execute(async (tx) => {
    // In the order in which everybody takes these locks: a command may make or lock a user at this moment.
    await bumpIdentity(tx)
    if (invited !== null) await lockUser(tx, invited)
    await spend(tx, acceptance.token)
    const { id, assign } = invited === null ? await firstOwner(deps, tx, acceptance) : await activate(tx, invited)
    await setPassword(tx, id, hash, now())
    await assign?.()
    const actor = { id: invited ?? 'setup', ip: from.ip }
    const action = invited === null ? 'user.create' : 'user.activate'
    const about = { actor, action, object: `user:${id}`, requestId: from.requestId }
    await audit.append(tx, { ...about, decision: 'allow' })
    return id
  })
  books.end((held) => held.userId === userId && held.kind === 'session')
  tell({ userId, credential: undefined })
  await policy.refresh()
  return openSession(deps, userId, from, 'setup', undefined)
}

export const createSetup = (deps: IdentityDeps): Setup => ({
  async link() {
    const { db, now } = deps
    if (await anyUser(db)) return undefined
    return (await db.transaction().execute((tx) => invite(tx, null, now()))).secret
  },
  needed: async () => !(await anyUser(deps.db)),
  accept: (...about) => accept(deps, ...about),
})
