import { createCredentialActs } from './credential-acts.ts'
import { pageOfSessions, pageOfTokens, type PageQuery } from './credential-lists.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { createPasswordReset } from './password-reset.ts'
import { createUserEnding } from './user-ending.ts'
import { pageOfUsers, readUser, type UserQuery } from './user-lists.ts'
import { createUserMaking } from './user-making.ts'

/**
 * Administration of users and of everybody's sessions and tokens, with the audit entries. Whether the caller may do it is
 * decided before, by whoever calls: these functions know no rights, but that no token may do more than its owner.
 */
export function createAccounts(deps: IdentityDeps) {
  const { db, now } = deps
  return {
    /** Sorted by the name to sign in with. */
    users: (query: UserQuery) => pageOfUsers(db, query),
    user: (id: string) => readUser(db, id),
    sessions: (query: PageQuery) => pageOfSessions(db, query, now()),
    tokens: (query: PageQuery) => pageOfTokens(db, query),
    ...createUserMaking(deps),
    ...createUserEnding(deps),
    ...createPasswordReset(deps),
    ...createCredentialActs(deps),
  }
}

export type Accounts = ReturnType<typeof createAccounts>
