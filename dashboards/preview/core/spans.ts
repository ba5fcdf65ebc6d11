/** A time (ms) in which a series had one and the same value. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly value: number
}

/** Joins neighbouring points of the same value; null ends a span, and each point lasts one step (ms). */
export function spansOf(times: readonly number[], values: readonly (number | null)[], step: number): Span[] {
  const spans: { from: number; to: number; value: number }[] = []
  times.forEach((at, index) => {
    const value = values[index]
    if (value === null || value === undefined) return
    const last = spans.at(-1)
    if (last !== undefined && last.value === value && last.to >= at) last.to = at + step
    else spans.push({ from: at, to: at + step, value })
  })
  return spans
}
