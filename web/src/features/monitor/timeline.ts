import type { SystemHistory } from '../../../../src/features/system/contract.ts'
import type { Sample } from './samples.ts'

export type Column = readonly (number | null)[]

/** Lines over time, each made when it is asked for. */
export interface Columns {
  /** ms since the epoch, ascending. */
  readonly times: readonly number[]
  /** As long as `times`; null = unknown. */
  column(name: string): Column
}

/** The last minutes as they are known here: what the server remembered, continued by what arrives. */
export interface Timeline {
  /** Takes a history whose times are this browser's; what arrived after its end stays. */
  load(history: SystemHistory): void
  /** Adds the values of a moment. The last moment once more replaces it; an earlier one is dropped: times rise. */
  push(time: number, sample: Sample): void
  /** What lies at or after `from`. */
  since(from: number): Columns
  /** Time of the newest point. */
  last(): number | undefined
}

interface Point {
  readonly time: number
  readonly values: Readonly<Record<string, number | null | undefined>>
}

/** A longer silence than this, ms, leaves a gap in the lines. */
const silence = 35_000

const pointsOf = ({ times, series }: SystemHistory): Point[] => {
  const columns = Object.entries(series)
  return times.map((time, index) => ({
    time,
    values: Object.fromEntries(columns.map(([name, values]) => [name, values[index]])),
  }))
}

/** Inserts an empty point into every silence, so that no line is drawn across it. */
export function withGaps(points: readonly Point[]): readonly Point[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1]
    return before !== undefined && point.time - before.time > silence
      ? [{ time: before.time + 1, values: {} }, point]
      : [point]
  })
}

const columnsOf = (points: readonly Point[]): Columns => ({
  times: points.map(({ time }) => time),
  column: (name) => points.map(({ values }) => values[name] ?? null),
})

/** A history as it came; unknown names are unknown all along. */
export const historyColumns = (history: SystemHistory): Columns => columnsOf(pointsOf(history))

/** The same history with its times moved by `ms`. */
export const shifted = (history: SystemHistory, ms: number): SystemHistory => ({
  ...history,
  times: history.times.map((time) => time + ms),
})

/** Remembers the last `keep` ms. */
export function createTimeline(keep: number): Timeline {
  let points: Point[] = []
  const last = (): number | undefined => points.at(-1)?.time

  return {
    last,
    load(history) {
      const loaded = pointsOf(history)
      const end = loaded.at(-1)?.time ?? Number.NEGATIVE_INFINITY
      points = [...loaded, ...points.filter(({ time }) => time > end)]
    },
    push(time, sample) {
      const newest = last() ?? Number.NEGATIVE_INFINITY
      if (time < newest) return
      if (time === newest) points.pop()
      points.push({ time, values: sample })
      const first = points.findIndex((point) => point.time >= time - keep)
      // In slices, so that a point does not move the whole array each time.
      if (first > 64) points.splice(0, first)
    },
    since: (from) => columnsOf(withGaps(points.filter(({ time }) => time >= from))),
  }
}
