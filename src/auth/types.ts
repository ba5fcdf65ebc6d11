import type { Principal } from '../realtime/types.ts'
import type { Capability } from './capabilities.ts'
import type { Decision } from './policy/types.ts'

/** How a caller proved who it is. `built-in`: whoever sits at this machine while `auth.mode` is `none`. */
export type Proof = 'session' | 'token' | 'proxy' | 'built-in' | 'internal'

/**
 * Who asks, resolved once per request and once per live connection. `id` is the user's; rights are looked up in the
 * policy at each question, so a revoked one is gone at the next.
 */
export interface Caller extends Principal {
  readonly proof: Proof
  /** Public id of the session or token, for lists and the audit log; never its secret. */
  readonly credential: string | undefined
  /** The address the request came from. */
  readonly ip: string
  /** When the caller last proved its password or signed in at its provider, ms since the epoch; undefined for tokens. */
  readonly authenticatedAt: number | undefined
  /** Like `may`, for one object, with the reason. A token's scopes narrow what its owner may. */
  decide(capability: Capability, object?: string): Decision
  /** Trust of the most trusted role held; -1 without one. */
  trust(): number
}

/** Told when rights or credentials changed; the bridge then asks again for every open connection. */
export interface RightsChange {
  /** Whose; undefined: anybody's (a new policy version). */
  readonly userId: string | undefined
  /** Whose session or token ended; undefined: only rights changed. */
  readonly credential: string | undefined
}
