import type { Caller } from './types.ts'

/**
 * Whether a caller proved lately enough who it is, for acts that a stolen session or an unlocked screen must not do.
 * Tokens never do; whoever sits at this machine while there are no accounts has nothing to prove it with.
 */
export function provedLately({ proof, authenticatedAt }: Caller, now: number, window: number): boolean {
  if (proof === 'built-in') return true
  return authenticatedAt !== undefined && now - authenticatedAt <= window
}
