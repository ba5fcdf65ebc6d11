/** What happened again and again. */
export interface Burst {
  readonly count: number
  readonly seqs: readonly number[]
}

interface Event {
  readonly ts: number
  readonly seq: number
  readonly weight: number
}

interface Window {
  readonly events: Event[]
  /** Told of already; what comes until it is quiet belongs to the same. */
  fired: boolean
}

/** Keys remembered at once; the one that was quiet longest goes. */
const capacity = 10_000

/**
 * Counts events by key over a sliding span, ms. Tells of a burst once `threshold` is reached, and from then on of every
 * further event until the span is empty again.
 */
export function createWindows(span: number, threshold: number) {
  const windows = new Map<string, Window>()
  return (key: string, event: Event): Burst | undefined => {
    const before = windows.get(key)
    // A clock that was set back must not keep what looks like the future.
    const events = (before?.events ?? []).filter(({ ts }) => Math.abs(event.ts - ts) < span)
    const fired = before?.fired === true && events.length > 0
    events.push(event)
    windows.delete(key)
    windows.set(key, { events: events.slice(-threshold), fired })
    if (windows.size > capacity) windows.delete(windows.keys().next().value ?? '')
    if (fired) return { count: event.weight, seqs: [event.seq] }
    const count = events.reduce((sum, { weight }) => sum + weight, 0)
    if (count < threshold) return undefined
    windows.set(key, { events: events.slice(-threshold), fired: true })
    return { count, seqs: events.map(({ seq }) => seq) }
  }
}
