import type { Columns } from '../lib/history.ts'
import { NoPrometheusError, type Prometheus } from '../lib/prometheus.ts'
import { wantedSeries } from '../lib/query.ts'
import { familyOf, rangeQueries, type RangeQuery } from './queries.ts'

/** Most points of a series, and most series of an answer. */
export const mostPoints = 400
const mostSeries = 200
/** Prometheus' scrape interval, seconds: finer steps show nothing. */
const scrape = 15

/** Times of an answer, seconds since the epoch. */
interface Grid {
  readonly start: number
  readonly end: number
  readonly step: number
  readonly points: number
}

/** A grid of at most `mostPoints` that ends now; steps are multiples of the scrape interval and lie on round times. */
export function gridOf(minutes: number, now: number): Grid {
  const step = Math.max(1, Math.ceil((minutes * 60) / (mostPoints - 1) / scrape)) * scrape
  const end = Math.floor(now / 1000 / step) * step
  const points = Math.min(mostPoints, Math.floor((minutes * 60) / step) + 1)
  return { start: end - (points - 1) * step, end, step, points }
}

interface Result {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

function resultsOf(data: unknown): readonly Result[] {
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown }
  if (resultType !== 'matrix' || !Array.isArray(result)) throw new NoPrometheusError('Prometheus sent no matrix')
  return result as readonly Result[]
}

/** A result's values on the grid; null where there is none. */
export function columnOf({ values }: Result, { start, step, points }: Grid): (number | null)[] {
  const column = Array.from<number | null>({ length: points }).fill(null)
  for (const [time, text] of values) {
    const at = Math.round((time - start) / step)
    const value = Number(text)
    if (at >= 0 && at < points && Number.isFinite(value)) column[at] = value
  }
  return column
}

/** The families that a query string asks for; `network.*` asks for all that begin so. */
export function familiesOf(series: string): string[] {
  const asked = series.split(',')
  const families = asked.flatMap((name) => {
    if (!name.endsWith('*')) return [familyOf(name)]
    const beginning = name.slice(0, -1)
    return [...rangeQueries.keys()].filter((family) => family.startsWith(beginning))
  })
  return [...new Set(families.filter((family) => family !== undefined))]
}

/** Series over the last `minutes` from Prometheus, under the names of the history from memory. */
export async function readRange(
  prometheus: Prometheus,
  series: string,
  minutes: number,
  now: number,
): Promise<Columns> {
  const grid = gridOf(minutes, now)
  const window = `${Math.max(4 * scrape, grid.step)}s`
  const wanted = wantedSeries(series)
  const ask = async ({ promql, name }: RangeQuery): Promise<[string, (number | null)[]][]> => {
    const data = await prometheus.get('/api/v1/query_range', {
      query: promql.replaceAll('$rate', window),
      start: String(grid.start),
      end: String(grid.end),
      step: String(grid.step),
    })
    return resultsOf(data)
      .map((result) => [name(result.metric), result] as const)
      .filter(([named]) => wanted(named))
      .map(([named, result]) => [named, columnOf(result, grid)])
  }
  const queries = familiesOf(series).map((family) => rangeQueries.get(family) as RangeQuery)
  const found = (await Promise.all(queries.map(ask))).flat().slice(0, mostSeries)
  return {
    times: Array.from({ length: grid.points }, (_, i) => (grid.start + i * grid.step) * 1000),
    series: Object.fromEntries(found),
  }
}
