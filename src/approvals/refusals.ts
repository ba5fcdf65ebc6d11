import { RefusedError } from '../errors.ts'
import type { Capability } from '../auth/capabilities.ts'
import type { ApprovalState } from './types.ts'

// Every way an approval is refused, in fixed words.

export const noSuch = (): RefusedError => new RefusedError(404, 'NOT_FOUND', 'There is no such request')

export const forbidden = (capability: Capability, object: string | undefined): RefusedError =>
  new RefusedError(403, 'FORBIDDEN', `You do not hold the right ${capability} here`, {
    capability,
    ...(object !== undefined && { object }),
  })

export const own = (): RefusedError =>
  new RefusedError(403, 'SELF_APPROVAL', 'Nobody approves what they asked for themselves')

export const separated = (name: string): RefusedError =>
  new RefusedError(409, 'SEPARATION', `Separation of duty: ${name}`, { separation: name })

export const expired = (): RefusedError => new RefusedError(409, 'EXPIRED', 'Nobody decided in time; ask again')

export const decided = (state: ApprovalState): RefusedError =>
  new RefusedError(409, 'ALREADY_DECIDED', `This was decided already: ${state}`, { state })

export const changed = (): RefusedError =>
  new RefusedError(409, 'HASH_MISMATCH', 'This is not what was shown to you; load it anew')

export const requesterLost = (): RefusedError =>
  new RefusedError(409, 'REQUESTER_FORBIDDEN', 'Whoever asked for this may not ask for it any more')

export const reauthenticate = (): RefusedError =>
  new RefusedError(403, 'REAUTHENTICATION_REQUIRED', 'Prove once more who you are, then try again')

export const notYours = (): RefusedError =>
  new RefusedError(403, 'FORBIDDEN', 'Only the one who asked for it may withdraw it')

export const tooMany = (most: number): RefusedError =>
  new RefusedError(429, 'TOO_MANY_PENDING', `You have ${most} requests waiting; withdraw some first`)

export const alreadyAsked = (id: string): RefusedError =>
  new RefusedError(409, 'ALREADY_REQUESTED', 'You have asked for exactly this already', { id })

export const unknownType = (): RefusedError => new RefusedError(400, 'INVALID', 'There is no such kind of request')
