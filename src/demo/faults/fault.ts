import type { Stage } from '../stage/stage.ts'

/** Why a fault cannot be had here; one line. */
export class Unavailable extends Error {}

/** Something that goes wrong on demand, and is put right again. */
export interface Fault {
  /** What goes wrong, as part of a list. */
  readonly about: string
  /** Alerts of `prometheus/rules` that it makes speak, given as long as they ask for. */
  readonly alerts: readonly string[]
  /** Panels that show it, `board: title`. */
  readonly panels: readonly string[]
  /** Longest time it may last, ms, where an hour would do harm. */
  readonly longest?: number
  /** Begins it; resolves with how to end it, which is called once. Rejects with `Unavailable` where it cannot be. */
  start(stage: Stage): Promise<() => Promise<void> | void>
}

/** The demonstration's own database. Throws where there is none. */
export function databaseOf({ database }: Stage): NonNullable<Stage['database']> {
  if (database === undefined) throw new Unavailable('PostgreSQL is not the embedded one: nothing is done to it')
  return database
}
