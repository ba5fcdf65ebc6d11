/**
 * Increase of a counter between two readings; undefined where either is unknown, or where it fell: after a reset
 * nobody knows how far it had come, and what it shows now may be another device's history.
 */
export function increase(before: number | undefined, now: number | undefined): number | undefined {
  if (before === undefined || now === undefined) return undefined
  const grown = now - before
  return grown >= 0 && Number.isFinite(grown) ? grown : undefined
}

/** Increase per second over `seconds`; undefined as `increase` is, and where no time has passed. */
export function perSecond(before: number | undefined, now: number | undefined, seconds: number): number | undefined {
  const grown = increase(before, now)
  return grown === undefined || !(seconds > 0) ? undefined : grown / seconds
}

/** Part of a whole, 0..1; undefined where either is unknown or the whole is nothing. */
export function share(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || !(whole > 0)) return undefined
  return Math.min(1, Math.max(0, part / whole))
}

/** Sum of what is known; undefined where nothing is. */
export function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (value === undefined ? total : (total ?? 0) + value), undefined)
}

/** An object whose unknown values are absent. */
type Known<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The object without the keys whose values are not known. */
export function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && !Number.isNaN(value)),
  ) as Known<T>
}
