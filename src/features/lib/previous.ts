/** The reading that rates are counted from, and how long ago it was. */
export interface Earlier<Reading> {
  readonly before: Reading | undefined
  /** Since then; 0 without one. */
  readonly seconds: number
}

interface Dated<Reading> {
  readonly reading: Reading
  readonly at: number
}

/**
 * Remembers a reading until the next. With `span` (ms) rates are counted over about that long, from the youngest
 * reading that is at least so old, or the oldest there is.
 */
export function createPrevious<Reading>(span = 0): (now: Reading, at: number) => Earlier<Reading> {
  let kept: Dated<Reading>[] = []
  return (now, at) => {
    const enough = kept.findLastIndex((one) => at - one.at >= span)
    kept = kept.slice(Math.max(0, enough))
    const [from] = kept
    kept.push({ reading: now, at })
    return { before: from?.reading, seconds: from === undefined ? 0 : (at - from.at) / 1000 }
  }
}
