import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import { appendAll } from './append.ts'
import { createFollower } from './follower.ts'
import { createRecorder } from './recorder.ts'
import type { Audit } from './types.ts'

export interface AuditDeps {
  readonly db: Db
  readonly log: Logger
  /** ms since the epoch. */
  readonly clock: () => number
  /** How many entries were written, and how long it took in seconds; undefined: it failed. */
  readonly measure?: (entries: number, seconds: number | undefined) => void
}

/** The audit log of this process; `close` waits for what is still being written. */
export interface RunningAudit extends Audit {
  close(): Promise<void>
}

export async function createAudit({ db, log, clock, measure = () => undefined }: AuditDeps): Promise<RunningAudit> {
  const follower = await createFollower(db, log)
  const recorder = createRecorder(db, clock, measure)
  return {
    async append(tx, entry) {
      const begun = performance.now()
      try {
        const seq = await appendAll(tx, [entry], clock())
        measure(1, (performance.now() - begun) / 1000)
        return seq
      } catch (error) {
        measure(1, undefined)
        throw error
      } finally {
        follower.expect()
      }
    },
    async record(entry) {
      const seq = await recorder.record(entry)
      follower.expect()
      return seq
    },
    follow: (listener) => follower.follow(listener),
    async close() {
      await recorder.idle()
      await follower.close()
    },
  }
}
