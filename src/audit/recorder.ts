import type { Db } from '../database/schema.ts'
import { StartError } from '../errors.ts'
import { appendAll } from './append.ts'
import type { AuditEntry } from './types.ts'

/** Entries that wait while the database is slow; beyond it whoever acts is refused. */
const most = 10_000
/** Entries of one transaction. */
const batch = 500

interface Waiting {
  readonly entry: AuditEntry
  done(seq: number): void
  failed(error: unknown): void
}

/** Writes entries that belong to no change in the database. What comes while one transaction runs shares the next. */
export function createRecorder(
  db: Db,
  clock: () => number,
  measure: (entries: number, seconds: number | undefined) => void,
): { record(entry: AuditEntry): Promise<number>; idle(): Promise<void> } {
  const waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function write(group: readonly Waiting[]): Promise<void> {
    const begun = performance.now()
    try {
      const last = await db.transaction().execute((tx) =>
        appendAll(
          tx,
          group.map(({ entry }) => entry),
          clock(),
        ),
      )
      measure(group.length, (performance.now() - begun) / 1000)
      for (const [i, one] of group.entries()) one.done(last - group.length + 1 + i)
    } catch (error) {
      measure(group.length, undefined)
      // One that cannot be written must not take the others along.
      if (group.length > 1) for (const one of group) await write([one])
      else group[0]?.failed(error)
    }
  }
  async function run(): Promise<void> {
    while (waiting.length > 0) await write(waiting.splice(0, batch))
    running = undefined
  }
  return {
    record(entry) {
      if (waiting.length >= most) {
        return Promise.reject(new StartError('the audit log cannot be written fast enough: nothing is done unrecorded'))
      }
      return new Promise((done, failed) => {
        waiting.push({ entry, done, failed })
        running ??= run()
      })
    },
    idle: async () => running,
  }
}
