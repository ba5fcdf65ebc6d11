/** Cumulative counts of a histogram by upper bound, in the order of the bounds; the last is +Inf. */
export type Buckets = readonly (readonly [bound: number, count: number])[]

const boundOf = (text: string): number => (text === '+Inf' ? Infinity : Number(text))

/** The buckets of one class in a page of metrics in Prometheus' text format; none where it has no such series. */
export function bucketsOf(page: string, name: string, kind: string): Buckets {
  const buckets: [number, number][] = []
  for (const line of page.split('\n')) {
    if (!line.startsWith(`${name}_bucket{`) || !line.includes(`class="${kind}"`)) continue
    const bound = /\ble="([^"]+)"/.exec(line)?.[1]
    if (bound !== undefined) buckets.push([boundOf(bound), Number(line.split('} ')[1]?.split(' ')[0])])
  }
  return buckets.toSorted(([a], [b]) => a - b)
}

/** What came between two looks at a histogram. */
export const since = (before: Buckets, after: Buckets): Buckets =>
  after.map(([bound, count], i) => [bound, count - (before[i]?.[1] ?? 0)])

/** A quantile, evenly spread within its bucket, as histogram_quantile has it; undefined when nothing was observed. */
export function quantile(q: number, buckets: Buckets): number | undefined {
  const rank = q * (buckets.at(-1)?.[1] ?? 0)
  const at = buckets.findIndex(([, count]) => count >= rank && count > 0)
  const [bound, count] = buckets[at] ?? [0, 0]
  if (count === 0) return undefined
  const [lower, below] = buckets[at - 1] ?? [0, 0]
  return bound === Infinity ? lower : lower + ((bound - lower) * (rank - below)) / (count - below)
}
