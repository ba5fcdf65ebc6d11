/** Time as the connection sees it, so that tests can own it. */
export interface Clock {
  /** ms since the epoch. */
  now(): number
  /** Calls back once; the result cancels. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Calls back every `ms`; the result ends it. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel: (() => void) | undefined
  const again = (): void => {
    cancel = clock.after(ms, () => {
      again()
      run()
    })
  }
  again()
  return () => cancel?.()
}
