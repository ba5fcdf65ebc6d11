/** Waiting times between attempts: doubling from `first` to `longest`, each shortened by up to half at random. */
export interface Backoff {
  /** Milliseconds to wait before the next attempt. */
  next(): number
  /** After a success that lasted: start again from the shortest wait. */
  reset(): void
}

export function createBackoff(first: number, longest: number, random: () => number = Math.random): Backoff {
  let step = first
  return {
    next() {
      const wait = step * (1 - random() / 2)
      step = Math.min(step * 2, longest)
      return Math.round(wait)
    },
    reset() {
      step = first
    },
  }
}
