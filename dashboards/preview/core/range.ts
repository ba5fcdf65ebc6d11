import { promDuration, seconds } from './duration.ts'

/** What a board shows; s since 1970. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** `now`, `now-1h`, or ms since 1970; undefined if it is none of these. */
function moment(text: string, now: number): number | undefined {
  if (/^\d{10,}$/.test(text)) return Number(text) / 1000
  const [, back] = /^now(?:-(.+))?$/.exec(text) ?? []
  if (text === 'now') return now
  const ago = back === undefined ? undefined : seconds(back)
  return ago === undefined ? undefined : now - ago
}

/** The range that two texts name at `now` (s); undefined if they name none. */
export function readRange(from: string, to: string, now: number): Range | undefined {
  const [begin, end] = [moment(from, now), moment(to, now)]
  return begin === undefined || end === undefined || begin >= end ? undefined : { from: begin, to: end }
}

/** s that Grafana rounds an interval to. */
const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** s between two points: about one in each pixel, never more often than there are scrapes. */
export function stepOf({ from, to }: Range, pixels: number, scrape: number): number {
  const wanted = (to - from) / Math.max(1, pixels)
  const nearest = steps.find((step, at) => wanted < (step + (steps[at + 1] ?? Infinity)) / 2) ?? 1
  return Math.max(nearest, scrape)
}

/** Values of the variables that Grafana sets itself; step and time between scrapes in s. */
export const timeVariables = (range: Range, step: number, scrape: number): ReadonlyMap<string, string> =>
  new Map([
    ['__interval', promDuration(step)],
    ['__interval_ms', String(Math.round(step * 1000))],
    ['__rate_interval', promDuration(Math.max(step + scrape, 4 * scrape))],
    ['__range', promDuration(range.to - range.from)],
    ['__range_s', String(Math.round(range.to - range.from))],
    ['__range_ms', String(Math.round((range.to - range.from) * 1000))],
  ])

/** Moves both ends onto multiples of the step, so that a later look finds the same points. */
export const aligned = ({ from, to }: Range, step: number): Range => ({
  from: Math.floor(from / step) * step,
  to: Math.floor(to / step) * step,
})
