import { everything } from './everything.ts'
import { isSame } from './secrets.ts'
import type { Caller } from './types.ts'

/** Who a bearer token stands for if it is the one that Alertmanager delivers with. */
export interface Deliverer {
  (secret: string, ip: string): Caller | undefined
}

const decide: Caller['decide'] = (capability, object) => {
  const allow = capability === 'alerts:deliver'
  return { ...everything(capability, object), allow, reason: allow ? 'everything' : 'not delegated' }
}

/** Alertmanager, without an account: it may deliver alerts and nothing else. An empty `token` lets nobody in. */
export function createDeliverer(token: string): Deliverer {
  const isToken = isSame(token)
  return (secret, ip) => {
    if (token === '' || !isToken(secret)) return undefined
    return {
      id: 'alertmanager',
      name: 'Alertmanager',
      proof: 'internal',
      credential: undefined,
      ip,
      authenticatedAt: undefined,
      may: (capability) => capability === 'alerts:deliver',
      decide,
      trust: () => -1,
    }
  }
}
