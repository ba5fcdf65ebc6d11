import type { FastifyRequest } from 'fastify'
import type { Accounts } from '../../auth/accounts.ts'
import type { PolicyStore } from '../../auth/policy/store-types.ts'
import type { Caller } from '../../auth/types.ts'
import type { Db } from '../../database/schema.ts'

/** What every part of the governance API rests on. */
export interface GovernanceDeps {
  readonly db: Db
  readonly policy: PolicyStore
  readonly accounts: Accounts
  /** Who asks; throws where nobody is signed in. */
  readonly callerOf: (request: FastifyRequest) => Caller
  /** Path of the page that an invitation's secret opens. */
  readonly invitationPath: (secret: string) => string
  /** How long ago whoever changes rights may have proved who they are, ms. */
  readonly reauthentication: number
  /** ms since the epoch. */
  readonly now: () => number
}
