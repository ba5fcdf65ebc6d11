import type { Principal } from './types.ts'

/** Where rights come from once a connection is open. */
export interface Credentials {
  /**
   * Who a token of `connect` or `refresh` stands for; without a token whoever the transport let in. `expired` makes the
   * client fetch a new token, undefined ends the connection.
   */
  verify(token: string | undefined, current: Principal): Principal | 'expired' | undefined
  /** That principal as it is now, or undefined once its session is over. */
  current(principal: Principal): Principal | undefined
}

/** Whoever the transport let in stays who it is. */
export const asAdmitted: Credentials = {
  verify: (_token, principal) => principal,
  current: (principal) => principal,
}
