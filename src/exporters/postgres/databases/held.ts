import { kindNames, type KindName } from './columns.ts'
import type { Database } from './discovery.ts'
import type { Section, Visit, Watched } from './visit.ts'
import { watchNames, type WatchName } from './watch.ts'

interface Dated<T> {
  readonly at: number
  readonly value: T
}

/** What is known of one database: the newest reading of each part, and how the last visit went. */
export interface Held {
  readonly database: Database
  readonly kinds: Partial<Record<KindName, Dated<Section>>>
  readonly watch: Partial<Record<WatchName, Dated<readonly Watched[]>>>
  readonly unreadableSequences: number
  /** When everything was last read; absent before the first success. */
  readonly completeAt?: number
  readonly failure?: Error
  /** Visits that failed in a row without even a connection, and when to try again (ms since the epoch). */
  readonly unreachable: number
  readonly retryAt: number
}

/** What was known of a database, under the name it has now; nothing when it is new. */
export function renamed(known: Held | undefined, database: Database): Held {
  if (known !== undefined) return { ...known, database }
  return { database, kinds: {}, watch: {}, unreadableSequences: 0, unreachable: 0, retryAt: 0 }
}

/** After a visit that reached the database; what it did not bring stays as it was. */
export function visited(held: Held, { kinds, watch, unreadableSequences, errors }: Visit, at: number): Held {
  const dated = <T>(value: T): Dated<T> => ({ at, value })
  const next: Held = {
    database: held.database,
    kinds: { ...held.kinds },
    watch: { ...held.watch },
    unreadableSequences: unreadableSequences ?? held.unreadableSequences,
    unreachable: 0,
    retryAt: 0,
  }
  for (const kind of kindNames) {
    const section = kinds[kind]
    if (section !== undefined) next.kinds[kind] = dated(section)
  }
  for (const name of watchNames) {
    const list = watch[name]
    if (list !== undefined) next.watch[name] = dated(list)
  }
  const [failure] = errors
  if (failure === undefined) return { ...next, completeAt: at }
  return { ...next, ...(held.completeAt === undefined ? {} : { completeAt: held.completeAt }), failure }
}

/**
 * After a visit that found no connection. A server process that waits for a lock on a catalogue does not notice that
 * we have left, so further attempts are made ever more rarely, lest such processes pile up.
 */
export function unreached(held: Held, failure: Error, at: number, pause: number): Held {
  const unreachable = held.unreachable + 1
  return { ...held, failure, unreachable, retryAt: at + pause * (2 ** Math.min(unreachable - 1, 4) - 1) }
}

/** The same without what is older than `oldest`. */
export function fresh(held: Held, oldest: number): Held {
  const keep = <K extends string, T>(parts: Partial<Record<K, Dated<T>>>): Partial<Record<K, Dated<T>>> =>
    Object.fromEntries((Object.entries(parts) as [K, Dated<T>][]).filter(([, { at }]) => at >= oldest)) as Partial<
      Record<K, Dated<T>>
    >
  return { ...held, kinds: keep(held.kinds), watch: keep(held.watch) }
}

/** When the first part of it becomes too old, given how long parts last. */
export function expiry(held: Held, maxAge: number): number {
  const parts = [...Object.values(held.kinds), ...Object.values(held.watch)]
  return Math.min(...parts.map(({ at }) => at + maxAge))
}
