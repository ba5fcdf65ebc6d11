/** What a statement has cost so far, one number per counter, always in the same order. */
export type Totals = readonly number[]

export interface Counted {
  readonly key: string
  readonly totals: Totals
}

/**
 * The counters of everything that has no series of its own. Statements join and leave those shown, and the server
 * forgets some; a plain difference would jump or fall each time, and a fall reads as a restart of the counter. So what
 * joins stays counted here, what leaves does not count twice, and what is forgotten is not taken back.
 * Starts at zero: it counts since this process began.
 */
export function createOtherBucket(width: number): {
  /** `all` covers every statement, `shown` those with series now. Both as the server has them at this moment. */
  update(all: Totals, shown: readonly Counted[]): Totals
} {
  let offset: number[] | undefined
  let last: number[] = Array.from({ length: width }, () => 0)
  let before = new Map<string, Totals>()

  return {
    update(all, shown) {
      const now = new Map(shown.map(({ key, totals }) => [key, totals]))
      const rest = all.map((total, i) => total - shown.reduce((sum, { totals }) => sum + (totals[i] ?? 0), 0))
      if (offset === undefined) {
        offset = rest.map((value) => -value)
        before = now
      }
      for (const [key, totals] of now) if (!before.has(key)) shift(offset, totals, 1)
      for (const [key, totals] of before) if (!now.has(key)) shift(offset, totals, -1)
      for (const [i, value] of rest.entries()) {
        const counted = value + (offset[i] ?? 0)
        const kept = last[i] ?? 0
        if (counted < kept) offset[i] = (offset[i] ?? 0) + kept - counted
        last[i] = Math.max(counted, kept)
      }
      before = now
      return [...last]
    },
  }
}

function shift(offset: number[], totals: Totals, sign: 1 | -1): void {
  for (const [i, total] of totals.entries()) offset[i] = (offset[i] ?? 0) + sign * total
}
