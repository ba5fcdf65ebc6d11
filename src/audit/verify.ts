import type { Db } from '../database/schema.ts'
import { canonicalJson } from './canonical.ts'
import { chainHash, genesis } from './chain.ts'
import type { AuditLogTable } from './tables.ts'
import type { Json } from './types.ts'
import type { Selectable } from 'kysely'

/** A place in the chain that is known to be right: the beginning, a checkpoint, or what was verified before. */
export interface Anchor {
  readonly seq: number
  /** Hex. */
  readonly hash: string
}

export const genesisAnchor: Anchor = { seq: 0, hash: genesis.toString('hex') }

export interface Verdict {
  /** Everything up to and including this row is as it was written. */
  readonly verified: Anchor
  /** The first row that is not, and what is wrong with it. */
  readonly broken: { readonly seq: number; readonly what: string } | undefined
}

type Row = Selectable<AuditLogTable>

const step = 1000

/** What is wrong with a row that should follow `before`; undefined if nothing is. */
function fault(row: Row, before: Anchor): string | undefined {
  const seq = Number(row.seq)
  if (seq !== before.seq + 1) {
    const gone = seq - before.seq - 1
    return `${gone === 1 ? 'a row is' : `${gone} rows are`} missing`
  }
  if (row.prev_hash.toString('hex') !== before.hash) return 'it does not follow the row before'
  if (!chainHash(row.prev_hash, row.body).equals(row.hash)) return 'its content does not match its hash'
  return columnFault(row, seq)
}

/** Filters read columns, people read the body: both must say the same. */
function columnFault(row: Row, seq: number): string | undefined {
  const body = JSON.parse(row.body) as Readonly<Record<string, Json>>
  if (canonicalJson(body) !== row.body) return 'its content is not canonical'
  const told: readonly (readonly [unknown, unknown])[] = [
    [body['seq'], seq],
    [body['ts'], row.ts.toISOString()],
    [body['actor'], row.actor],
    [body['action'], row.action],
    [body['object'] ?? null, row.object],
    [body['decision'], row.decision],
    [body['request_id'] ?? null, row.request_id],
  ]
  return told.some(([a, b]) => a !== b) ? 'its columns do not match its content' : undefined
}

/**
 * Reads the chain from an anchor to its end, a thousand rows in memory at a time. `checkpoints`, by sequence number, are
 * hashes that were signed: a chain that was rewritten as a whole differs there, one that was cut short ends before the
 * last of them.
 */
export async function verifyChain(
  db: Db,
  checkpoints: ReadonlyMap<number, string> = new Map(),
  from: Anchor = genesisAnchor,
): Promise<Verdict> {
  let verified = from
  const broken = (seq: number, what: string): Verdict => ({ verified, broken: { seq, what } })
  for (;;) {
    const rows = await db
      .selectFrom('audit.log')
      .selectAll()
      .where('seq', '>', String(verified.seq))
      .orderBy('seq')
      .limit(step)
      .execute()
    for (const row of rows) {
      const what = fault(row, verified)
      if (what !== undefined) return broken(verified.seq + 1, what)
      const hash = row.hash.toString('hex')
      const signed = checkpoints.get(Number(row.seq))
      if (signed !== undefined && signed !== hash) return broken(Number(row.seq), 'it is not the row that was signed')
      verified = { seq: Number(row.seq), hash }
    }
    if (rows.length < step) break
  }
  const last = Math.max(0, ...checkpoints.keys())
  if (last > verified.seq) return broken(verified.seq + 1, `the log was signed up to row ${last}; the rest is missing`)
  return { verified, broken: undefined }
}
