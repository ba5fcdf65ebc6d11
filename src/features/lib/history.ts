/** Named values at one moment; what is not known is absent. */
export type Sample = Readonly<Record<string, number | undefined>>

/** Columns of equal length; null = unknown. */
export interface Columns {
  /** ms since the epoch. */
  times: number[]
  series: Record<string, (number | null)[]>
}

export interface History {
  /** Adds the values of a moment, ms since the epoch; one at or before the last is dropped, so that times rise. */
  add(time: number, sample: Sample): void
  /** What lies after `from` (ms since the epoch), of the wanted series, or of all. */
  since(from: number, wanted?: (name: string) => boolean): Columns
}

/** Devices that come and go (containers' interfaces) must not grow it without end. */
const mostSeries = 500

/** The last `capacity` moments in memory: a ring per series. A series without a known value left is forgotten. */
export function createHistory(capacity: number): History {
  const times = new Float64Array(capacity)
  const rings = new Map<string, { readonly values: Float64Array; seen: number }>()
  let count = 0

  const ringOf = (name: string) => {
    const found = rings.get(name)
    if (found !== undefined || rings.size >= mostSeries) return found
    const ring = { values: new Float64Array(capacity).fill(Number.NaN), seen: count }
    rings.set(name, ring)
    return ring
  }

  function add(time: number, sample: Sample): void {
    if (count > 0 && time <= (times[(count - 1) % capacity] as number)) return
    const at = count % capacity
    times[at] = time
    for (const [name, ring] of rings) {
      ring.values[at] = Number.NaN
      if (count - ring.seen >= capacity) rings.delete(name)
    }
    for (const [name, value] of Object.entries(sample)) {
      if (value === undefined || !Number.isFinite(value)) continue
      const ring = ringOf(name)
      if (ring === undefined) continue
      ring.values[at] = value
      ring.seen = count
    }
    count++
  }

  return {
    add,
    since(from, wanted = () => true) {
      const indices: number[] = []
      for (let i = Math.max(0, count - capacity); i < count; i++) {
        if ((times[i % capacity] as number) > from) indices.push(i % capacity)
      }
      const column = (values: Float64Array): (number | null)[] =>
        indices.map((i) => {
          const value = values[i] as number
          return Number.isNaN(value) ? null : value
        })
      const chosen = [...rings].filter(([name]) => wanted(name))
      return {
        times: indices.map((i) => times[i] as number),
        series: Object.fromEntries(chosen.map(([name, { values }]) => [name, column(values)])),
      }
    },
  }
}
