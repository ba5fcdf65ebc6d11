import type { Audit } from '../audit/types.ts'
import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { AuthConfig } from './config.ts'
import type { HeldBooks } from './held.ts'
import type { Passwords } from './passwords.ts'
import type { PolicyStore } from './policy/store-types.ts'
import type { Sessions } from './sessions.ts'
import type { Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'
import type { RightsChange } from './types.ts'

/** What the parts of identity share. */
export interface IdentityDeps {
  readonly db: Db
  readonly audit: Pick<Audit, 'append' | 'record'>
  readonly policy: Pick<PolicyStore, 'compiled' | 'assign' | 'change' | 'forgetUser' | 'keepOwner' | 'refresh'>
  readonly log: Logger
  /** ms since the epoch. */
  readonly now: () => number
  readonly config: Pick<AuthConfig, 'password_min_length'>
  readonly books: HeldBooks
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly throttle: Throttle
  /** Tells who must be told that rights or credentials changed. */
  readonly tell: (change: RightsChange) => void
}

/** Where a request comes from, for sessions and the audit log. */
export interface From {
  readonly ip: string
  /** The browser as it names itself. */
  readonly agent: string
  readonly requestId?: string | undefined
}
