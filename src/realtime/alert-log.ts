import type { Position, Publication } from './types.ts'

/** A publication with the wall-clock time at which it was published, ms since the epoch. */
export interface StoredPublication extends Publication {
  readonly publishedAt: number
}

/** What a durable log keeps: at most so many, and none older. */
export interface Retention {
  readonly count: number
  /** ms. */
  readonly age: number
}

/** A log as it was found: where it stands, and what it still has, oldest first and without a hole. */
export interface StoredLog {
  readonly position: Position
  readonly publications: readonly StoredPublication[]
}

/**
 * The durable log of alert topics. It is read once, when the topic is declared; from then on this process alone
 * writes to it, and what it holds is also in memory. Nothing is delivered before `append` has resolved, so no client
 * ever holds an offset that a crash can hand out again.
 */
export interface AlertLog {
  /** The log of a topic; an unknown topic gets a fresh random epoch at offset 0, and keeps it. */
  open(topic: string, retention: Retention): Promise<StoredLog>
  /**
   * Stores publications whose offsets follow the last stored one, all or none, and forgets what `retention` no longer
   * asks for. Resolves when they would survive a crash. After a rejection the same publications are offered again: those
   * already stored (same offset) must be accepted silently.
   */
  append(topic: string, publications: readonly StoredPublication[], retention: Retention): Promise<void>
}

/** Lives as long as the process. */
export function createMemoryAlertLog(newEpoch: () => string): AlertLog {
  const logs = new Map<string, { position: Position; publications: StoredPublication[] }>()
  return {
    open(topic) {
      const log = logs.get(topic) ?? { position: { epoch: newEpoch(), offset: 0 }, publications: [] }
      logs.set(topic, log)
      return Promise.resolve({ position: log.position, publications: [...log.publications] })
    },
    append(topic, publications, { count }) {
      const log = logs.get(topic)
      if (log === undefined) return Promise.reject(new Error(`the log of ${topic} was not opened`))
      const fresh = publications.filter(({ offset }) => offset > log.position.offset)
      log.publications = [...log.publications, ...fresh].slice(-count)
      log.position = { ...log.position, offset: fresh.at(-1)?.offset ?? log.position.offset }
      return Promise.resolve()
    },
  }
}
