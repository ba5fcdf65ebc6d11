import type { KeyObject } from 'node:crypto'
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { appendAll } from './append.ts'
import { isSigned, type Checkpoint } from './checkpoints.ts'
import { genesisAnchor, type Anchor, type Verdict } from './verify.ts'

type Db = Kysely<Schema>

/**
 * Where the chain begins: with nothing, or at the place up to which old rows were cut off. A cut counts only with the
 * signature of a checkpoint, or whoever can delete rows could call it one.
 */
export async function chainStart(db: Db, keys: readonly KeyObject[]): Promise<Anchor | NonNullable<Verdict['broken']>> {
  const row = await db
    .selectFrom('audit.boundary')
    .select(['seq', 'hash', 'time', 'signature'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return genesisAnchor
  const anchor = { seq: Number(row.seq), hash: row.hash.toString('hex') }
  if (isSigned({ ...anchor, time: row.time, signature: row.signature }, keys)) return anchor
  return { seq: 1, what: `rows up to ${anchor.seq} were cut off at a place that was not signed` }
}

/** The newest checkpoint of which all rows up to it were written before `limit`, ms since the epoch. */
async function cuttable(db: Db, checkpoints: readonly Checkpoint[], limit: number): Promise<Checkpoint | undefined> {
  // Times may go back: the first row that must stay bounds the cut, whatever follows it.
  const { stays } = await db
    .selectFrom('audit.log')
    .select((eb) => eb.fn.min('seq').as('stays'))
    .where('ts', '>=', new Date(limit))
    .executeTakeFirstOrThrow()
  const { first } = await db
    .selectFrom('audit.log')
    .select((eb) => eb.fn.min('seq').as('first'))
    .executeTakeFirstOrThrow()
  if (stays === null || first === null) return undefined
  return checkpoints.findLast(({ seq }) => seq < Number(stays) && seq >= Number(first))
}

async function cut(tx: Transaction<Schema>, at: Checkpoint, now: number): Promise<number> {
  const { seq, hash, time, signature } = at
  const { rows } = await sql<{ gone: string }>`
    select audit.cut(${seq}, ${Buffer.from(hash, 'hex')}, ${time}, ${signature}) as gone`.execute(tx)
  const gone = Number(rows[0]?.gone ?? 0)
  // Rows that refer to an address are as old as its last use at most.
  const oldest = tx.selectFrom('audit.log').select((eb) => eb.fn.min('ts').as('ts'))
  await tx.deleteFrom('aura.audit_address').where('last_at', '<', oldest).execute()
  const after = { seq, hash, rows: gone }
  await appendAll(tx, [{ actor: { id: 'system' }, action: 'audit.cut', decision: 'none', after }], now)
  return gone
}

/**
 * Removes what was written before `limit`, as far as a checkpoint covers it; the number of rows. The last one always
 * stays, and the cut is itself in the log.
 */
export async function cutLog(
  db: Db,
  checkpoints: readonly Checkpoint[],
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<number> {
  const at = await cuttable(db, checkpoints, limit)
  return at === undefined ? 0 : db.transaction().execute((tx) => cut(tx, at, now))
}
