import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import { rowOf } from './row.ts'
import type { AuditRow } from './types.ts'

/** A transaction that appended may yet take a moment to commit. */
const soon = 20
/** Other processes, such as `aura user create`, write too. */
const net = 2000
/** Looks in quick succession for something that was announced, before the net has to do. */
const tries = 25
const page = 500

export interface Follower {
  follow(listener: Listener): () => void
  /** Something was appended and will be there soon, unless it is rolled back. */
  expect(): void
  close(): Promise<void>
}

async function after(db: Db, seq: number): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom('audit.log')
    .select(['body', 'prev_hash', 'hash'])
    .where('seq', '>', String(seq))
    .orderBy('seq')
    .limit(page)
    .execute()
  return rows.map((row) => rowOf(row))
}

type Listener = (row: AuditRow) => void

/** One follower's mistake is not another's. */
function tell(listener: Listener, row: AuditRow, log: Logger): void {
  try {
    listener(row)
  } catch (error) {
    log.warn({ err: error }, 'a follower of the audit log failed')
  }
}

/** Tells of rows once they are committed, in the order of the chain. The lock on the chain keeps that free of holes. */
export async function createFollower(db: Db, log: Logger): Promise<Follower> {
  const listeners = new Set<Listener>()
  const { top } = await db
    .selectFrom('audit.log')
    .select((eb) => eb.fn.max('seq').as('top'))
    .executeTakeFirstOrThrow()
  let last = Number(top ?? 0)
  let left = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    for (;;) {
      const rows = await after(db, last)
      for (const row of rows) {
        last = row.seq
        left = 0
        for (const listener of listeners) tell(listener, row, log)
      }
      if (rows.length < page) return
    }
  }
  function again(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void turn(), ms).unref()
  }
  async function turn(): Promise<void> {
    looking ??= look()
      .catch((error: unknown) => log.debug({ err: error }, 'the audit log could not be read'))
      .finally(() => (looking = undefined))
    await looking
    left = Math.max(0, left - 1)
    again(left > 0 ? soon : net)
  }
  again(net)
  return {
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    expect() {
      left = tries
      if (looking === undefined) again(soon)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
