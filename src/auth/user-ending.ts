import { erasePerson } from '../audit/erase.ts'
import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { entry, wrongState } from './account-entry.ts'
import { bumpIdentity } from './identity-version.ts'
import type { IdentityDeps } from './identity-deps.ts'
import type { PolicyCaller } from './policy/check.ts'
import { lockUser } from './user-lists.ts'
import { noSuchUser, type User, type UserState } from './users.ts'

type Tx = Transaction<Schema>

async function deleteCredentials(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('aura.session').where('user_id', '=', userId).execute()
  await tx.deleteFrom('aura.token').where('user_id', '=', userId).execute()
  await tx.deleteFrom('aura.invitation').where('user_id', '=', userId).execute()
}

async function deleteProofs(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('aura.credential').where('user_id', '=', userId).execute()
  await tx.deleteFrom('aura.external_identity').where('user_id', '=', userId).execute()
}

async function setState(tx: Tx, id: string, state: UserState): Promise<void> {
  await tx.updateTable('aura.user').set({ state }).where('id', '=', id).execute()
}

/** Whether a user has anything to sign in with. */
async function provable(tx: Tx, id: string): Promise<boolean> {
  const password = await tx.selectFrom('aura.credential').select('hash').where('user_id', '=', id).execute()
  const elsewhere = await tx.selectFrom('aura.external_identity').select('subject').where('user_id', '=', id).execute()
  return password.length + elsewhere.length > 0
}

/** How users end, and come back. */
export function createUserEnding({ db, audit, policy, books, tell }: IdentityDeps) {
  /** Ends them here at once; other processes hear of it by the version. */
  function endAll(id: string): void {
    books.end(({ userId }) => userId === id)
    tell({ userId: id, credential: undefined })
  }
  return {
    /** Every session and token ends at once. The last owner cannot be locked. */
    async lock(caller: PolicyCaller, id: string): Promise<User> {
      const user = await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const before = await lockUser(tx, id)
        if (before.state === 'erased') throw wrongState(before.state)
        await policy.keepOwner(tx, [id])
        await deleteCredentials(tx, id)
        await setState(tx, id, 'locked')
        await audit.append(tx, entry(caller, 'user.lock', `user:${id}`))
        return { ...before, state: 'locked' as const }
      })
      endAll(id)
      return user
    },
    async unlock(caller: PolicyCaller, id: string): Promise<User> {
      return db.transaction().execute(async (tx) => {
        const before = await lockUser(tx, id)
        if (before.state !== 'locked') throw wrongState(before.state)
        const state = (await provable(tx, id)) ? ('active' as const) : ('invited' as const)
        await setState(tx, id, state)
        await audit.append(tx, entry(caller, 'user.unlock', `user:${id}`))
        return { ...before, state }
      })
    },
    /** The id alone is left, for the audit log. */
    async erase(caller: PolicyCaller, id: string): Promise<User> {
      const user = await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const before = await lockUser(tx, id)
        if (before.state === 'erased') throw noSuchUser()
        await policy.keepOwner(tx, [id])
        await deleteCredentials(tx, id)
        await deleteProofs(tx, id)
        const nobody = { login: null, login_key: null, login_skeleton: null, email: null, name: 'erased' }
        await tx
          .updateTable('aura.user')
          .set({ ...nobody, state: 'erased' })
          .where('id', '=', id)
          .execute()
        await policy.forgetUser(caller, id, { tx })
        await audit.append(tx, entry(caller, 'user.erase', `user:${id}`))
        // After the entry, which brings the address of whoever erases themselves.
        await erasePerson(tx, id)
        return { ...before, login: undefined, email: undefined, name: 'erased', state: 'erased' as const }
      })
      await policy.refresh()
      endAll(id)
      return user
    },
  }
}
