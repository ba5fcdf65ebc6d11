import type { Db } from '../../database/schema.ts'
import { addressed } from '../query.ts'
import { rowOf } from '../row.ts'
import { observe } from './facts.ts'
import { createRules, longestSpan } from './rules.ts'
import { raise } from './store.ts'
import type { Finding, SecurityAlert } from './types.ts'

export interface Raised {
  readonly finding: Finding
  readonly alert: SecurityAlert
  readonly isNew: boolean
}

const page = 500
/** Rows read at a start, to know what happened within the last hour. */
const most = 20_000

const columns = ['body', 'prev_hash', 'hash'] as const

/** What the rules remembered: rows of the last hour that were looked at before. They raise nothing again. */
async function remember(db: Db, seq: number): Promise<ReturnType<typeof createRules>> {
  const rules = createRules()
  const last = await db
    .selectFrom('audit.log')
    .select('ts')
    .where('seq', '<=', String(seq))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined) return rules
  const rows = await db
    .selectFrom('audit.log')
    .select(columns)
    .where('seq', '<=', String(seq))
    .where('ts', '>', new Date(last.ts.getTime() - longestSpan))
    .orderBy('seq', 'desc')
    .limit(most)
    .execute()
  for (const row of await addressed(db, rows.toReversed())) rules({ ...row, newDevice: false, firstApproval: false })
  return rules
}

async function cursorOf(db: Db): Promise<number> {
  const { seq } = await db.selectFrom('aura.security_cursor').select('seq').executeTakeFirstOrThrow()
  return Number(seq)
}

/**
 * Looks at every row of the log once, whatever happens in between: alerts and how far the log was looked at are written
 * together. `findings`: what was found elsewhere, to be written along.
 */
export function createWatch(db: Db) {
  let rules: ReturnType<typeof createRules> | undefined

  async function step(): Promise<{ readonly raised: Raised[]; readonly more: boolean }> {
    rules ??= await remember(db, await cursorOf(db))
    const look = rules
    return db.transaction().execute(async (tx) => {
      const seq = await cursorOf(tx)
      const stored = await tx
        .selectFrom('audit.log')
        .select(columns)
        .where('seq', '>', String(seq))
        .orderBy('seq')
        .limit(page)
        .execute()
      const raised: Raised[] = []
      for (const row of await addressed(tx, stored)) {
        for (const finding of look(await observe(tx, row))) raised.push({ finding, ...(await raise(tx, finding)) })
      }
      const last = stored.at(-1)
      if (last !== undefined)
        await tx
          .updateTable('aura.security_cursor')
          .set({ seq: rowOf(last).seq })
          .execute()
      return { raised, more: stored.length === page }
    })
  }
  return {
    async step() {
      try {
        return await step()
      } catch (error) {
        // The rules have counted what was not written.
        rules = undefined
        throw error
      }
    },
    raise: (findings: readonly Finding[]): Promise<Raised[]> =>
      db.transaction().execute(async (tx) => {
        const raised: Raised[] = []
        for (const finding of findings) raised.push({ finding, ...(await raise(tx, finding)) })
        return raised
      }),
  }
}
