import type { PolicyIndex } from './compile.ts'

/**
 * Who could always put things right: holds everything, everywhere, without an end, now, and bound by no deny. The last
 * of them is protected.
 */
export const lastingOwners = (index: PolicyIndex, now: number): string[] =>
  index.users.filter((userId) => index.isOwner(userId, now) && index.isOwner(userId, Number.POSITIVE_INFINITY))
