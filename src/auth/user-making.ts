import { entry, wrongState } from './account-entry.ts'
import { bumpIdentity } from './identity-version.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { checkNewPassword } from './password-rules.ts'
import type { PolicyCaller } from './policy/check.ts'
import { invite } from './invitations.ts'
import { lockUser } from './user-lists.ts'
import { insertUser, setPassword, type NewUser, type User } from './users.ts'

/** How users come about. */
export function createUserMaking({ db, audit, policy, passwords, now, config }: IdentityDeps) {
  return {
    /** A user who still has to choose a password, and the secret of the link for it. */
    async create(caller: PolicyCaller, user: NewUser) {
      return db.transaction().execute(async (tx) => {
        const made = await insertUser(tx, user, 'invited', now())
        const invitation = await invite(tx, made.id, now())
        await audit.append(tx, entry(caller, 'user.create', `user:${made.id}`))
        return { user: made, invitation }
      })
    },
    /** The same with a password at once, for commands; `roles` are given in the same transaction. */
    async createActive(caller: PolicyCaller, user: NewUser, password: string, roles: readonly string[]): Promise<User> {
      checkNewPassword(password, config.password_min_length, user.login)
      const hash = await passwords.hash(password)
      const made = await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const active = await insertUser(tx, user, 'active', now())
        await setPassword(tx, active.id, hash, now())
        // With a user there is an owner to come from somewhere else than the link of the first start.
        if (roles.includes('owner')) await tx.deleteFrom('aura.invitation').where('user_id', 'is', null).execute()
        const subject = { kind: 'user', id: active.id } as const
        for (const role of roles)
          await policy.assign(caller, { subject, role, scope: '*', expiresAt: undefined }, { tx })
        await audit.append(tx, entry(caller, 'user.create', `user:${active.id}`))
        return active
      })
      await policy.refresh()
      return made
    },
    /** Another link; the one before is void, and so is the password once it is used. */
    async invite(caller: PolicyCaller, id: string) {
      return db.transaction().execute(async (tx) => {
        const user = await lockUser(tx, id)
        if (user.state !== 'invited' && user.state !== 'active') throw wrongState(user.state)
        const invitation = await invite(tx, id, now())
        await audit.append(tx, entry(caller, 'invitation.create', `user:${id}`))
        return { user, invitation }
      })
    },
  }
}
