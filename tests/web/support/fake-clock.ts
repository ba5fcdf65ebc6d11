import type { Clock } from '../../../web/src/realtime/clock.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets `ms` pass; whatever falls due runs in order, at its own time. */
  pass(ms: number): void
  /** How many timers run. */
  readonly waiting: number
}

interface Due {
  readonly at: number
  readonly run: () => void
}

export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start
  const timers = new Set<Due>()
  const next = (until: number): Due | undefined =>
    [...timers].filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at)[0]
  return {
    now: () => now,
    after(ms, run) {
      const due = { at: now + ms, run }
      timers.add(due)
      return () => timers.delete(due)
    },
    pass(ms) {
      const until = now + ms
      for (let due = next(until); due !== undefined; due = next(until)) {
        timers.delete(due)
        now = due.at
        due.run()
      }
      now = until
    },
    get waiting() {
      return timers.size
    },
  }
}
