import type { contractVersion } from '../../../src/features/contracts.ts'

/** The contracts that this page was built for. Its type is the server's number: the compiler tells when it has grown. */
export const ownContract: typeof contractVersion = 1

const mark = 'aura.reloaded-for'

export interface ReloadDeps {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly reload: () => void
}

/**
 * Loads the page anew if the server speaks another version, once per version: a cache that keeps handing out the old
 * page must not make it reload for ever. Returns whether the versions differ.
 */
export function reloadOnMismatch(contract: number | undefined, { storage, reload }: ReloadDeps): boolean {
  if (contract === undefined || contract === ownContract) return false
  if (storage.getItem(mark) !== String(contract)) {
    storage.setItem(mark, String(contract))
    reload()
  }
  return true
}
