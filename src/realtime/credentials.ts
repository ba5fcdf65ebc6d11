import type { Principal } from './types.ts'

/** Where rights come from once a connection is open. */
export interface Credentials {
  /**
   * Who a token of `connect` or `refresh` stands for; without a token whoever the transport let in. `expired` makes the
   * client fetch a new token (error 109), `missing` tells that it needs one at all (101), undefined ends the connection
   * (3500).
   */
  verify(token: string | undefined, current: Principal): Principal | 'expired' | 'missing' | undefined
  /**
   * That principal as it is now, undefined once its session is over (3500), or `expired` when it has to come back with
   * a fresh token (4401). Asked when rights may have changed and every `recheckInterval`; must be quick.
   */
  current(principal: Principal): Principal | 'expired' | undefined
}

/** Whoever the transport let in stays who it is. */
export const asAdmitted: Credentials = {
  verify: (_token, principal) => principal,
  current: (principal) => principal,
}
