import type { AccountView } from '../../../src/features/account/contract.ts'

/** A session that ends soon: when, and whether using it would help. Times in ms since the epoch. */
export interface Ending {
  readonly at: number
  readonly idle: boolean
}

const warnFor = 600_000

/**
 * Whether to warn: within ten minutes of the end. `idleUntil` was right when the account was read; each request since
 * `readAt` has moved it, the last one at `contact`.
 */
export function endingSoon(
  view: Pick<AccountView, 'expiresAt' | 'idleUntil'> | undefined,
  { readAt, contact, now }: { readonly readAt: number; readonly contact: number; readonly now: number },
): Ending | undefined {
  const { expiresAt, idleUntil } = view ?? {}
  const idleAt = idleUntil === undefined ? undefined : idleUntil + Math.max(0, contact - readAt)
  if (expiresAt !== undefined && expiresAt - now < warnFor && expiresAt <= (idleAt ?? Infinity))
    return { at: expiresAt, idle: false }
  return idleAt !== undefined && idleAt - now < warnFor ? { at: idleAt, idle: true } : undefined
}
