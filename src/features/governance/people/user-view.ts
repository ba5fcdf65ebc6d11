import type { PolicyIndex } from '../../../auth/policy/compile.ts'
import type { ListedUser } from '../../../auth/user-lists.ts'
import type { UserView } from '../contract.ts'

/** A user with what they hold at that time. */
export function userView(user: ListedUser, policy: PolicyIndex, now: number): UserView {
  const { login, email, lastSeenAt, methods, ...rest } = user
  return {
    ...rest,
    methods: [...methods],
    roles: [...policy.rolesOf(user.id, now)],
    trust: policy.trustOf(user.id, now),
    ...(login !== undefined && { login }),
    ...(email !== undefined && { email }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
  }
}
