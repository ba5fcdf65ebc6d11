const lockName = (tab: string): string => `aura-tab-${tab}`

/** Holds a lock for as long as the page lives, however it ends. */
export function holdTabLock(tab: string): void {
  // Released by the browser when the page is gone; the promise never settles on purpose.
  navigator.locks?.request(lockName(tab), () => new Promise<never>(() => undefined)).catch(() => undefined)
}

/** Calls back when the page of that tab is gone. Where locks are missing only its good-bye tells. */
export function whenTabGone(tab: string, gone: () => void): void {
  navigator.locks?.request(lockName(tab), gone).catch(() => undefined)
}
