import type { Principal, Transport } from './types.ts'

/** Why a connection is closed or refused, as it goes to the client: a number and fixed words. */
export interface Close {
  readonly code: number
  readonly reason: string
}

/** What one connection may still do. */
export interface Allowance {
  /** Called once per command: carry it out, answer 111 (the client retries), or close with 3013. */
  command(): 'ok' | 'busy' | 'close'
  readonly maxSubscriptions: number
  /** The connection is gone; called exactly once. */
  release(): void
}

/** Decides who may connect and how much each may ask for. */
export interface Admission {
  /** The connection's allowance, or the code it is closed with (3504). Called when a session opens. */
  admit(principal: Principal, transport: Pick<Transport, 'kind' | 'peer'>): Allowance | Close
}

/** No limits but the number of subscriptions: for tests, and until limits are given. */
export const unlimited: Admission = {
  admit: () => ({ command: () => 'ok', maxSubscriptions: 64, release: () => undefined }),
}
