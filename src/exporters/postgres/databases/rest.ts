/** Values of one row, in the order of its kind's columns; NaN where the server said null. */
export type Values = Float64Array

/** What one round says of all objects of a kind in one database. */
export interface Sums {
  /** Sum of each column over all objects. */
  readonly total: Values
  /** The objects that may be shown, by key. */
  readonly members: ReadonlyMap<string, Values>
}

/** The row called `other` of one database, and what the next round must know to continue it. */
export interface Rest {
  readonly values: Values
  readonly sums: Sums
  readonly shown: ReadonlySet<string>
}

const known = (value: number | undefined): number => (value === undefined || Number.isNaN(value) ? 0 : value)

/** Total of column `i` less the members in `without`. */
function remainder(sums: Sums, i: number, without: Iterable<string>): number {
  let value = sums.total[i] as number
  for (const key of without) value -= known(sums.members.get(key)?.[i])
  return value
}

/**
 * The sums over all that is not shown. Gauges are plain remainders. A counter must not fall when an object gets a row
 * of its own, nor leap when it loses it, since Prometheus would take the fall for a restart and count everything
 * again: so it grows by what the objects in it grew, and each increase is counted exactly once, in one row or the
 * other.
 */
export function continueRest(
  previous: Rest | undefined,
  sums: Sums,
  shown: ReadonlySet<string>,
  isCounter: readonly boolean[],
): Rest {
  const values = new Float64Array(sums.total.length)
  for (let i = 0; i < values.length; i++) {
    values[i] =
      previous === undefined || isCounter[i] === false || Number.isNaN(previous.values[i])
        ? remainder(sums, i, shown)
        : (previous.values[i] as number) + growth(previous, sums, shown, i)
  }
  return { values, sums, shown }
}

/** Growth of the objects in `other` since the round before; never negative, even when one was dropped or reset. */
function growth(previous: Rest, sums: Sums, shown: ReadonlySet<string>, i: number): number {
  const apart: string[] = []
  const vanished: string[] = []
  for (const key of previous.shown) {
    if (shown.has(key)) apart.push(key)
    else if (!sums.members.has(key)) vanished.push(key)
  }
  const before = remainder(previous.sums, i, [...apart, ...vanished])
  const now = remainder(sums, i, apart)
  return Math.max(0, known(now) - known(before))
}
