import type { LoadedModel } from './api.ts'

/** What tells one stay in memory from the next; memory sizes do not, some runners change them as they work. */
export type Stay = Pick<LoadedModel, 'name' | 'digest' | 'contextLength'>

export interface Changes {
  /** Names of models, one for each load. */
  readonly loads: readonly string[]
  readonly unloads: readonly string[]
}

const keyOf = (stay: Stay): string => `${stay.name}\n${stay.digest}`

/**
 * Loads and unloads between two looks at /api/ps. A model that is there both times counts as reloaded if its digest
 * or context length differs. What comes and goes between two looks, and a reload with nothing changed, is not seen.
 */
export function changes(before: readonly Stay[], after: readonly Stay[]): Changes {
  const loads: string[] = []
  const unloads: string[] = []
  const gone = new Map(before.map((stay) => [keyOf(stay), stay]))
  for (const stay of after) {
    const earlier = gone.get(keyOf(stay))
    if (earlier === undefined) loads.push(stay.name)
    else if (earlier.contextLength !== stay.contextLength) {
      loads.push(stay.name)
      unloads.push(stay.name)
    }
    gone.delete(keyOf(stay))
  }
  for (const stay of gone.values()) unloads.push(stay.name)
  return { loads, unloads }
}

export interface Count {
  readonly loads: number
  readonly unloads: number
}

export interface Activity {
  /** Takes in an answer of /api/ps; `asked` and `answered` are times on one monotonic clock. */
  observe(loaded: readonly Stay[], asked: number, answered: number): void
  /** Gives models a count of zero, so that their first load shows as an increase. */
  expect(names: Iterable<string>): void
  readonly counts: ReadonlyMap<string, Count>
}

/** Counts loads and unloads since start. What was loaded at the first look is not counted. */
export function createActivity(): Activity {
  const counts = new Map<string, { loads: number; unloads: number }>()
  let last: { loaded: readonly Stay[]; answered: number } | undefined

  function countOf(name: string): { loads: number; unloads: number } {
    let count = counts.get(name)
    if (count === undefined) counts.set(name, (count = { loads: 0, unloads: 0 }))
    return count
  }

  return {
    counts,
    observe(loaded, asked, answered) {
      // An answer asked for before the last one came may show an older state: it would count changes that never were.
      if (last !== undefined && asked < last.answered) return
      const { loads, unloads } = changes(last?.loaded ?? loaded, loaded)
      last = { loaded, answered }
      for (const { name } of loaded) countOf(name)
      for (const name of loads) countOf(name).loads++
      for (const name of unloads) countOf(name).unloads++
    },
    expect(names) {
      for (const name of names) countOf(name)
    },
  }
}
