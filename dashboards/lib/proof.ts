/**
 * A history, one value a minute, and three moments of it in minutes. `series` maps a series to values in promtool's
 * notation; write them with `phases` and `counter`.
 */
export interface Proof {
  readonly series: Readonly<Record<string, string>>
  /** When the alert must keep quiet although something is nearly wrong. */
  readonly quiet: number
  readonly fires: number
  readonly resolves: number
  /** Labels that the firing alert must carry beside severity and component. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A value that stays for some minutes; `undefined`: there is no sample. */
export type Phase = readonly [value: number | undefined, minutes: number]

/** Values of a gauge: each phase follows the one before. */
export const phases = (...all: readonly Phase[]): string =>
  all.map(([value, minutes]) => (value === undefined ? `_x${minutes}` : `${value}+0x${minutes - 1}`)).join(' ')

/** Values of a counter that grows by so much a minute in each phase. */
export function counter(...all: readonly Phase[]): string {
  let at = 0
  return all
    .map(([perMinute, minutes]) => {
      if (perMinute === undefined) return `_x${minutes}`
      const text = `${at}+${perMinute}x${minutes - 1}`
      at += perMinute * minutes
      return text
    })
    .join(' ')
}

/** One value throughout; long enough for every proof. */
export const always = (value: number): string => `${value}+0x5000`
