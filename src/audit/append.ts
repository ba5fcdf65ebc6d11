import { randomBytes } from 'node:crypto'
import { sql, type Insertable, type Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { chainHash, genesis } from './chain.ts'
import { bodyOf } from './row.ts'
import type { AuditAddressTable, AuditLogTable } from './tables.ts'
import type { AuditEntry } from './types.ts'

type Tx = Transaction<Schema>

const keyOf = ({ actor }: AuditEntry): string => `${actor.id}\n${actor.ip}`

/** References for the addresses of these entries; one for each actor and address, made when it is first needed. */
async function references(tx: Tx, entries: readonly AuditEntry[], now: Date): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<string, Insertable<AuditAddressTable>>()
  for (const entry of entries) {
    const { id: actor, ip } = entry.actor
    if (ip !== undefined)
      wanted.set(keyOf(entry), { ref: randomBytes(12).toString('base64url'), actor, ip, last_at: now })
  }
  if (wanted.size === 0) return new Map()
  // In one order everywhere: two transactions that lock the same two rows must not wait for each other.
  const rows = [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const known = await tx
    .insertInto('aura.audit_address')
    .values(rows)
    .onConflict((on) => on.columns(['actor', 'ip']).doUpdateSet((eb) => ({ last_at: eb.ref('excluded.last_at') })))
    .returning(['ref', 'actor', 'ip'])
    .execute()
  return new Map(known.map(({ ref, actor, ip }) => [`${actor}\n${ip}`, ref]))
}

/**
 * Puts entries at the end of the chain, within this transaction. From here on until its end others wait for the lock.
 * Resolves with the number of the last.
 */
export async function appendAll(tx: Tx, entries: readonly AuditEntry[], now: number): Promise<number> {
  const refs = await references(tx, entries, new Date(now))
  const { rows: heads } = await sql<{ seq: string; hash: Buffer }>`select seq, hash from audit.head()`.execute(tx)
  let seq = Number(heads[0]?.seq ?? 0)
  let previous: Buffer = heads[0]?.hash ?? genesis
  const rows = entries.map((entry): Insertable<AuditLogTable> => {
    seq++
    const body = bodyOf(entry, seq, now, entry.actor.ip === undefined ? undefined : refs.get(keyOf(entry)))
    const hash = chainHash(previous, body)
    const row = {
      seq,
      ts: new Date(now),
      body,
      prev_hash: previous,
      hash,
      actor: entry.actor.id,
      action: entry.action,
      object: entry.object ?? null,
      decision: entry.decision,
      request_id: entry.requestId ?? null,
    }
    previous = hash
    return row
  })
  await tx.insertInto('audit.log').values(rows).execute()
  return seq
}
