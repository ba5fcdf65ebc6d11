import type { contractVersion } from '../../../src/features/contracts.ts'
import { reloadOnce, type ReloadDeps } from '../reload-once.ts'

/** The contracts that this page was built for. Its type is the server's number: the compiler tells when it has grown. */
export const ownContract: typeof contractVersion = 1

/** Loads the page anew if the server speaks another version, once per version. Returns whether the versions differ. */
export function reloadOnMismatch(contract: number | undefined, deps: ReloadDeps): boolean {
  if (contract === undefined || contract === ownContract) return false
  reloadOnce('contract', String(contract), deps)
  return true
}
