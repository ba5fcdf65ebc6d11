import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Held } from './held.ts'

/** Writes down when sessions and tokens were used: at most once a minute each, and no request waits for it. */
export interface Use {
  /** True at the very first use of a token. */
  note(held: Held): boolean
  /** Resolves when nothing is being written any more. */
  settled(): Promise<void>
}

const interval = 60_000
const atOnce = 50

async function write(db: Db, { kind, id, userId }: Held, at: Date): Promise<void> {
  await (kind === 'session'
    ? db.updateTable('aura.session').set({ last_seen_at: at }).where('id', '=', id).execute()
    : db.updateTable('aura.token').set({ last_used_at: at }).where('id', '=', id).execute())
  await db.updateTable('aura.user').set({ last_seen_at: at }).where('id', '=', userId).execute()
}

export function createUse(db: Db, now: () => number, log: Logger): Use {
  const writing = new Set<Promise<void>>()
  return {
    note(held) {
      const at = now()
      held.lastSeenAt = Math.max(held.lastSeenAt, at)
      // When the database is slow the next use will be written instead.
      if ((held.writtenAt !== undefined && at - held.writtenAt < interval) || writing.size >= atOnce) return false
      const first = held.kind === 'token' && held.writtenAt === undefined
      held.writtenAt = at
      const done: Promise<void> = write(db, held, new Date(at))
        .catch((err: unknown) => log.debug({ err }, 'the use of a session was not written down'))
        .finally(() => void writing.delete(done))
      writing.add(done)
      return first
    },
    async settled() {
      await Promise.all(writing)
    },
  }
}
