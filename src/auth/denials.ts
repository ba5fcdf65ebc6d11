import type { Audit, AuditEntry } from '../audit/types.ts'
import { createKeyedLimit } from '../realtime/limits/keyed.ts'
import type { Logger } from '../lib/logger.ts'

/** Puts refused requests into the audit log, so that a flood of them cannot fill it. */
export interface Denials {
  /** Never rejects: a refusal stands, whether it could be written down or not. */
  record(entry: AuditEntry): void
  /** Writes the counts of those that were left out for `quiet` ms. */
  flush(quiet?: number): void
  settled(): Promise<void>
}

/** Of one actor: this many at once, and then one in ten seconds; the rest are counted. */
const rate = { rate: 0.1, burst: 10 }
const capacity = 2000
const usualQuiet = 10_000
const atOnce = 20

interface LeftOut {
  entry: AuditEntry
  count: number
  since: number
}

/** `now` in monotonic ms. */
export function createDenials({ record }: Pick<Audit, 'record'>, log: Logger, now: () => number): Denials {
  const limit = createKeyedLimit(rate, capacity, now)
  const leftOut = new Map<string, LeftOut>()
  const writing = new Set<Promise<void>>()
  function write(entry: AuditEntry): void {
    const done: Promise<void> = record(entry)
      .then(() => undefined)
      .catch((err: unknown) => log.error({ err }, 'a refused request could not be put into the audit log'))
      .finally(() => void writing.delete(done))
    writing.add(done)
  }
  const counted = ({ entry, count }: LeftOut): AuditEntry =>
    count === 1 ? entry : { ...entry, after: { alsoRefused: count - 1 } }
  function leaveOut(key: string, entry: AuditEntry): void {
    const before = leftOut.get(key)
    if (before !== undefined) Object.assign(before, { entry, count: before.count + 1 })
    else if (leftOut.size < capacity) leftOut.set(key, { entry, count: 1, since: now() })
  }
  return {
    record(entry) {
      const key = entry.actor.id === 'unknown' ? (entry.actor.ip ?? '') : entry.actor.id
      if (limit.take(key) !== undefined || writing.size >= atOnce) return leaveOut(key, entry)
      const others = leftOut.get(key)
      leftOut.delete(key)
      write(others === undefined ? entry : { ...entry, after: { alsoRefused: others.count } })
    },
    flush(quiet = usualQuiet) {
      for (const [key, each] of leftOut) {
        if (now() - each.since < quiet) continue
        leftOut.delete(key)
        write(counted(each))
      }
    },
    async settled() {
      await Promise.all(writing)
    },
  }
}
