/** How far back the graphs reach, minutes. */
export type Range = 5 | 15 | 60 | 360 | 1440

export const ranges: readonly { readonly value: Range; readonly label: string }[] = [
  { value: 5, label: '5 min' },
  { value: 15, label: '15 min' },
  { value: 60, label: '1 h' },
  { value: 360, label: '6 h' },
  { value: 1440, label: '24 h' },
]

/** Up to here the server remembers by itself; beyond, Prometheus is asked. */
export const remembered = 15

export const isLong = (range: Range): boolean => range > remembered

/** ms. */
export const span = (range: Range): number => range * 60_000

/** A range from the address of the page; 15 minutes when it makes no sense. */
export const rangeOf = (text: unknown): Range => ranges.find(({ value }) => String(value) === text)?.value ?? remembered

/** The words over a graph whose range cannot be had. */
export const withoutPrometheus = (reason: string): string =>
  `More than ${remembered} minutes come from Prometheus, and it has nothing to show: ${reason}.`
