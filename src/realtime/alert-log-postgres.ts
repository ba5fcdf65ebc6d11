import { sql, type Selectable } from 'kysely'
import type { Db, RealtimeLogTable } from '../database/schema.ts'
import type { AlertLog, Retention, StoredLog, StoredPublication } from './alert-log.ts'

/** The end of a log that has no hole, oldest first: what came before a hole could not be resumed from anyway. */
function withoutHoles(publications: readonly StoredPublication[], top: number): readonly StoredPublication[] {
  let next = top
  let from = publications.length
  while (from > 0 && publications[from - 1]?.offset === next) {
    from -= 1
    next -= 1
  }
  return publications.slice(from)
}

type Row = Omit<Selectable<RealtimeLogTable>, 'topic'>

// The key is kept as JSON, as the message is: text in PostgreSQL cannot hold every character, JSON escapes those.
function fromRow({ offset, json, ts, key }: Row): StoredPublication {
  const stored = { offset: Number(offset), json, publishedAt: ts.getTime() }
  return key === null ? stored : { ...stored, key: JSON.parse(key) as string }
}

async function readLog(db: Db, topic: string, { count }: Retention): Promise<StoredLog> {
  const { epoch, offset } = await db
    .selectFrom('aura.realtime_topic')
    .select(['epoch', 'offset'])
    .where('topic', '=', topic)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('aura.realtime_log')
    .select(['offset', 'ts', 'key', 'json'])
    .where('topic', '=', topic)
    .orderBy('offset', 'desc')
    .limit(count)
    .execute()
  const found = rows.toReversed().map(fromRow)
  const top = Number(offset)
  return { position: { epoch, offset: top }, publications: withoutHoles(found, top) }
}

/** Forgets what is too old or too much, but never leaves a hole: all that goes is older than all that stays. */
async function trim(db: Db, topic: string, { count, age }: Retention, now: number): Promise<void> {
  await sql`
    delete from aura.realtime_log where topic = ${topic} and "offset" <= greatest(
      (select "offset" from aura.realtime_topic where topic = ${topic}) - ${count}::bigint,
      (select coalesce(max("offset"), 0) from aura.realtime_log where topic = ${topic} and ts < ${new Date(now - age)})
    )`.execute(db)
}

/** Locks the topic's row and says up to where its log is stored; one writer at a time, even should two processes try. */
async function lockTop(db: Db, topic: string): Promise<number> {
  const row = await db
    .selectFrom('aura.realtime_topic')
    .select('offset')
    .where('topic', '=', topic)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw new Error(`the log of ${topic} was not opened`)
  return Number(row.offset)
}

function checkFollows(topic: string, fresh: readonly StoredPublication[], top: number): void {
  const misplaced = fresh.find(({ offset }, i) => offset !== top + 1 + i)
  if (misplaced === undefined) return
  throw new Error(`the log of ${topic} stands at ${top}: ${misplaced.offset} does not follow`)
}

/** Durable logs in PostgreSQL: epoch, offsets and messages outlive the process. `now` is wall-clock ms. */
export function createPostgresAlertLog(db: Db, newEpoch: () => string, now: () => number = Date.now): AlertLog {
  return {
    async open(topic, retention) {
      await db
        .insertInto('aura.realtime_topic')
        .values({ topic, epoch: newEpoch() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return db.transaction().execute(async (trx) => {
        // Whoever still appends is waited for, so that position and messages belong together.
        await lockTop(trx, topic)
        await trim(trx, topic, retention, now())
        return readLog(trx, topic, retention)
      })
    },
    async append(topic, publications, retention) {
      await db.transaction().execute(async (trx) => {
        const top = await lockTop(trx, topic)
        const fresh = publications.filter(({ offset }) => offset > top)
        const last = fresh.at(-1)
        if (last === undefined) return
        checkFollows(topic, fresh, top)
        const rows = fresh.map(({ offset, publishedAt, key, json }) => {
          return { topic, offset, ts: new Date(publishedAt), key: key === undefined ? null : JSON.stringify(key), json }
        })
        await trx.insertInto('aura.realtime_log').values(rows).execute()
        await trx.updateTable('aura.realtime_topic').set({ offset: last.offset }).where('topic', '=', topic).execute()
        await trim(trx, topic, retention, now())
      })
    },
  }
}
