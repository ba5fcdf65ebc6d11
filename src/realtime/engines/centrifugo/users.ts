import type { Close } from '../../admission.ts'
import type { BridgeApi } from '../../bridge.ts'
import { closes } from '../../codes.ts'
import type { Principal } from '../../types.ts'

/** Remembered; beyond it the longest unseen is forgotten, and learns of changed rights when they are next rechecked. */
const most = 10_000

/** Those whom Centrifugo was told to let in. */
export interface CentrifugoUsers {
  seen(principal: Principal): void
  /** The bridge's API, with what it does to connections done to Centrifugo's as well. */
  govern(api: BridgeApi): BridgeApi
}

/** `disconnect` ends a user's connections at Centrifugo. */
export function createCentrifugoUsers(disconnect: (user: string, close: Close) => void): CentrifugoUsers {
  const users = new Map<string, Principal>()
  const all = (whose: (principal: Principal) => boolean, close: Close): void => {
    for (const principal of users.values()) if (whose(principal)) disconnect(principal.id, close)
  }
  return {
    seen(principal) {
      users.delete(principal.id)
      users.set(principal.id, principal)
      if (users.size <= most) return
      const [oldest = ''] = users.keys()
      users.delete(oldest)
    },
    govern: (api) => ({
      ...api,
      rightsChanged(id) {
        api.rightsChanged(id)
        disconnect(id, closes.refreshToken)
      },
      recheck(whose) {
        api.recheck(whose)
        all(whose, closes.refreshToken)
      },
      maintain(on) {
        api.maintain(on)
        if (on) all(() => true, closes.maintenance)
      },
    }),
  }
}
