/** By which column, and which way. */
export interface Sorting {
  readonly id: string
  readonly descending: boolean
}

type Key = number | string | undefined

/** Orders two keys; unknown ones go last, whichever way the rest is turned. */
export function compareKeys(left: Key, right: Key, descending: boolean): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
  const order =
    typeof left === 'number' && typeof right === 'number'
      ? left - right
      : String(left).localeCompare(String(right), undefined, { numeric: true })
  return descending ? -order : order
}

/** A sorted copy; equal keys keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  key: ((row: Row) => Key) | undefined,
  descending: boolean,
): readonly Row[] {
  return key === undefined ? rows : rows.toSorted((left, right) => compareKeys(key(left), key(right), descending))
}

/** Which way a click on a heading turns the table: numbers start with the largest. */
export function nextSorting(before: Sorting | undefined, id: string, numeric: boolean): Sorting {
  return { id, descending: before?.id === id ? !before.descending : numeric }
}
