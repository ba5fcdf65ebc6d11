import type { Principal } from '../realtime/types.ts'
import { isCapability } from './capabilities.ts'
import { isLoopback } from './loopback.ts'

/** Whoever sits at this machine. Holds every capability there is, and none that there is not. */
export const builtIn: Principal = Object.freeze({ id: 'local', name: 'this machine', may: isCapability })

/** The principal of a caller, by the address of its socket; undefined for one that comes from elsewhere. */
export const principalAt = (address: string | undefined): Principal | undefined =>
  address !== undefined && isLoopback(address) ? builtIn : undefined
