/** Free space at a moment: seconds of a monotonic clock, bytes. */
export interface SpacePoint {
  readonly at: number
  readonly available: number
}

/** Below this span, seconds, and number of points a line means nothing. */
const leastSpan = 900
const leastPoints = 10
/** Share of the variation that a line must explain: one big file is a step, and no pace. */
const leastFit = 0.9
/** Nobody plans on a line of a few minutes for longer than this, seconds. */
const furthest = 30 * 86_400

/**
 * Seconds until nothing is available, by least squares over the points; undefined if it is not filling, or not known
 * for long enough, or not at a pace.
 */
export function secondsToFull(points: readonly SpacePoint[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return undefined
  if (points.length < leastPoints || last.at - first.at < leastSpan) return undefined
  const n = points.length
  const meanAt = points.reduce((total, { at }) => total + (at - first.at), 0) / n
  const mean = points.reduce((total, { available }) => total + available, 0) / n
  let covariance = 0
  let variance = 0
  let variation = 0
  for (const { at, available } of points) {
    const away = at - first.at - meanAt
    covariance += away * (available - mean)
    variance += away * away
    variation += (available - mean) ** 2
  }
  const slope = covariance / variance
  // The square of the correlation.
  const fit = (covariance * covariance) / (variance * variation)
  if (!(slope < 0 && fit >= leastFit)) return undefined
  const seconds = last.available / -slope
  return seconds <= furthest ? seconds : undefined
}

/** Remembers free space by mount point over `window` seconds, and says when each will be full. */
export function createTimeToFull(window: number): {
  add(mountpoint: string, point: SpacePoint): number | undefined
  keepOnly(mountpoints: ReadonlySet<string>): void
} {
  const known = new Map<string, SpacePoint[]>()
  return {
    add(mountpoint, point) {
      const points = (known.get(mountpoint) ?? []).filter(({ at }) => at > point.at - window && at < point.at)
      points.push(point)
      known.set(mountpoint, points)
      return secondsToFull(points)
    },
    keepOnly(mountpoints) {
      for (const mountpoint of known.keys()) if (!mountpoints.has(mountpoint)) known.delete(mountpoint)
    },
  }
}
