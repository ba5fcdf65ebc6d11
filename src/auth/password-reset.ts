import { entry } from './account-entry.ts'
import { bumpIdentity } from './identity-version.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { checkNewPassword } from './password-rules.ts'
import type { PolicyCaller } from './policy/check.ts'
import { lockUser, readUser } from './user-lists.ts'
import { noSuchUser, setPassword } from './users.ts'

/** For those who forgot theirs, and have somebody at the machine. */
export function createPasswordReset({ db, audit, passwords, books, tell, now, config }: IdentityDeps) {
  return {
    /** A password set by an administrator at the machine; every session ends. */
    async resetPassword(caller: PolicyCaller, id: string, password: string): Promise<void> {
      const { login = '' } = (await readUser(db, id)) ?? {}
      checkNewPassword(password, config.password_min_length, login)
      const hash = await passwords.hash(password)
      await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const user = await lockUser(tx, id)
        if (user.state === 'erased') throw noSuchUser()
        await setPassword(tx, id, hash, now())
        await tx.deleteFrom('aura.session').where('user_id', '=', id).execute()
        if (user.state === 'invited') {
          await tx.updateTable('aura.user').set({ state: 'active' }).where('id', '=', id).execute()
        }
        await audit.append(tx, entry(caller, 'password.change', `user:${id}`))
      })
      books.end(({ userId, kind }) => userId === id && kind === 'session')
      tell({ userId: id, credential: undefined })
    },
  }
}
