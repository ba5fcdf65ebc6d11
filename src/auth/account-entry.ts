import type { AuditEntry, Json } from '../audit/types.ts'
import { RefusedError } from '../errors.ts'
import type { PolicyCaller } from './policy/check.ts'
import { actorOf } from './policy/entries.ts'
import type { UserState } from './users.ts'

/** An act of administration, as it goes into the audit log. */
export const entry = (caller: PolicyCaller, action: string, object: string, after?: Json): AuditEntry => ({
  actor: actorOf(caller),
  action,
  object,
  decision: 'allow',
  ...(after !== undefined && { after }),
})

export const wrongState = (state: UserState): RefusedError =>
  new RefusedError(409, 'IN_USE', `That cannot be done with a user who is ${state}`)
