/** Time as the bridge sees it; tests bring their own. */
export interface Clock {
  /** Wall clock, ms since the epoch: for what people and clients read. */
  now(): number
  /** Monotonic ms: for every interval, so that a jump of the wall clock ends nothing. */
  monotonic(): number
  /** Runs once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void
  /** Runs once at the end of this turn of the event loop. */
  soon(run: () => void): void
}

/** The machine's own time. Its timers never keep a process alive. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
  soon: (run) => void setImmediate(run),
}
