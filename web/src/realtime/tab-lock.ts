const lockName = (tab: string): string => `aura-tab-${tab}`

/** ms between two looks whether a tab holds its lock yet, and how often to look. */
const patience = { every: 100, times: 100 }

/** Holds a lock for as long as the page lives, however it ends. */
export function holdTabLock(tab: string): void {
  // Released by the browser when the page is gone; the promise never settles on purpose.
  navigator.locks?.request(lockName(tab), () => new Promise<never>(() => undefined)).catch(() => undefined)
}

/** Waits until the tab holds its lock: a busy browser may grant it after the tab was heard here. */
async function untilHeld(name: string): Promise<void> {
  for (let look = 0; look < patience.times; look++) {
    const { held = [] } = await navigator.locks.query()
    if (held.some((lock) => lock.name === name)) return
    await new Promise((resolve) => setTimeout(resolve, patience.every))
  }
}

/** Calls back when the page of that tab is gone. Where locks are missing only its good-bye tells. */
export function whenTabGone(tab: string, gone: () => void): void {
  const name = lockName(tab)
  if (navigator.locks === undefined) return
  // Taken before the tab has it, the lock would say that the tab is gone, and a living page would get nothing more.
  void untilHeld(name)
    .then(() => navigator.locks.request(name, gone))
    .catch(() => undefined)
}
