export interface ReloadDeps {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly reload: () => void
}

/** Of this tab. */
export const thisPage: ReloadDeps = {
  // Asked for when needed: reading it throws where the browser forbids storage.
  get storage() {
    return sessionStorage
  },
  reload: () => location.reload(),
}

/**
 * Loads the page anew because of `what`, once for each `version` of it: a cache that keeps handing out the old page must
 * not make it reload for ever.
 */
export function reloadOnce(what: 'build' | 'contract', version: string, { storage, reload }: ReloadDeps): void {
  const mark = `aura.reloaded-for-${what}`
  if (storage.getItem(mark) === version) return
  storage.setItem(mark, version)
  reload()
}
