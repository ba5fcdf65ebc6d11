import type uPlot from 'uplot'

/** How the value axis is divided: by powers of two, by round bits of what is counted in bytes, by whole numbers, decimally. */
export type Steps = 'binary' | 'bits' | 'whole' | 'decimal'

const exponents = Array.from({ length: 19 }, (_, index) => index - 3)

/** Distances between two marks that a reader can count in, smallest first; undefined leaves it to uPlot. */
export function stepsOf(steps: Steps): number[] | undefined {
  if (steps === 'binary') return Array.from({ length: 60 }, (_, power) => 2 ** power)
  if (steps === 'bits')
    return exponents.flatMap((exponent) => [1, 2, 5].map((mantissa) => (mantissa * 10 ** exponent) / 8))
  if (steps === 'whole')
    return exponents.filter((each) => each >= 0).flatMap((each) => [1, 2, 5].map((mantissa) => mantissa * 10 ** each))
  return undefined
}

/** Multiples of a step from `min` to `max`. */
export function marks(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9)
  return Array.from(
    { length: Math.max(0, Math.floor(max / step + 1e-9) - first + 1) },
    (_, index) => (first + index) * step,
  )
}

/** `1.50 GiB` -> `1.5 GiB`, `2.00 GiB` -> `2 GiB`: marks are round. */
export const rounded = (text: string): string => text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '')

/** Marks closer than their words can tell are left blank. */
export const withoutRepeats = (words: readonly string[]): string[] =>
  words.map((word, index) => (word === words[index - 1] ? '' : word))

/** Seconds between two marks of the time axis. */
export const timeSteps = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200]

const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const toMinute = new Intl.DateTimeFormat(undefined, parts)
const toSecond = new Intl.DateTimeFormat(undefined, { ...parts, second: '2-digit' })

/** Seconds since the epoch as local time of day, 24 h; the graphs reach back a day at most. */
export const timeOfDay = (seconds: number): string => toSecond.format(seconds * 1000)

/** Marks of the time axis in words, to the second where they are closer than a minute. */
export const timeMarks: uPlot.Axis.DynamicValues = (_plot, splits, _axis, _space, step) =>
  splits.map((seconds) => (step < 60 ? toSecond : toMinute).format(seconds * 1000))
