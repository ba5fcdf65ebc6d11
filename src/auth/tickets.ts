import { digest, isSecret, newSecret } from './secrets.ts'
import type { Caller } from './types.ts'

/** ms; long enough to open a connection, too short to be passed around. */
export const ticketLife = 30_000

export interface Tickets {
  /** Bound to the caller's session or token and to the page's origin (`''`: no page). Undefined: too many are out. */
  issue(caller: Caller, origin: string): { readonly ticket: string; readonly expiresAt: number } | undefined
  /** Whose it was, if it is good here and now; gone with the first try, whether that was right or wrong. */
  redeem(ticket: string, origin: string): Caller | undefined
  readonly size: number
}

interface Issued {
  readonly caller: Caller
  readonly origin: string
  readonly expiresAt: number
}

const perUser = 20
const capacity = 10_000

/** Tickets for the live bridge, in memory: one outlives neither half a minute nor this process. `now`: ms. */
export function createTickets(now: () => number): Tickets {
  const issued = new Map<string, Issued>()
  function sweep(): void {
    // In the order of issue, so also of expiry.
    for (const [key, { expiresAt }] of issued) {
      if (expiresAt > now()) return
      issued.delete(key)
    }
  }
  return {
    issue(caller, origin) {
      sweep()
      const own = [...issued.values()].filter((each) => each.caller.id === caller.id).length
      if (own >= perUser || issued.size >= capacity) return undefined
      const ticket = newSecret()
      const expiresAt = now() + ticketLife
      issued.set(digest(ticket), { caller, origin, expiresAt })
      return { ticket, expiresAt }
    },
    redeem(ticket, origin) {
      sweep()
      if (!isSecret(ticket)) return undefined
      const key = digest(ticket)
      const found = issued.get(key)
      issued.delete(key)
      return found !== undefined && found.origin === origin && found.expiresAt > now() ? found.caller : undefined
    },
    get size() {
      return issued.size
    },
  }
}
