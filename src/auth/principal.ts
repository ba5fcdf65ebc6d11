import { isCapability } from './capabilities.ts'
import { everything } from './everything.ts'
import { isLoopback } from './loopback.ts'
import type { Caller } from './types.ts'

/** Whoever sits at this machine while there are no accounts. Holds every capability there is, and none that there is not. */
export const builtIn: Caller = Object.freeze({
  id: 'local',
  name: 'this machine',
  proof: 'built-in',
  credential: undefined,
  ip: '127.0.0.1',
  authenticatedAt: undefined,
  may: isCapability,
  decide: everything,
  trust: () => 100,
} satisfies Caller)

/** The caller by the address of its socket; undefined for one that comes from elsewhere. */
export const principalAt = (address: string | undefined): Caller | undefined =>
  address !== undefined && isLoopback(address) ? builtIn : undefined
