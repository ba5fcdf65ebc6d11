/** One bucket of a histogram over time: what lies between the bound below and this one. */
export interface Bucket {
  readonly bound: number
  readonly counts: readonly (number | null)[]
}

/** Takes buckets that each hold all below (`le`) apart; rounding never makes a count negative. */
export function apart(cumulative: readonly Bucket[]): Bucket[] {
  const sorted = cumulative.toSorted((one, other) => one.bound - other.bound)
  return sorted.map(({ bound, counts }, at) => {
    const below = sorted[at - 1]?.counts
    return {
      bound,
      counts: counts.map((count, time) => (count === null ? null : Math.max(0, count - (below?.[time] ?? 0)))),
    }
  })
}
