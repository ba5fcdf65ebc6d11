import type { Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'
import { fromRow, type ApprovalRow } from './rows.ts'
import type { Approval, ApprovalState } from './types.ts'

type Tx = Transaction<Schema>

export type Stored = Approval & { readonly policyVersion: number; readonly attempts: number }

const stored = (row: ApprovalRow): Stored => ({
  ...fromRow(row),
  policyVersion: Number(row.policy_version),
  attempts: row.attempts,
})

export const openStates = ['pending', 'approved', 'running'] as const satisfies readonly ApprovalState[]

/** Ids are UUIDs; anything else names nothing, and PostgreSQL would make an error of it. */
const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** The row, locked until the transaction ends: of two who decide at once, the second sees what the first did. */
export async function lock(tx: Tx, id: string): Promise<Stored | undefined> {
  if (!isUuid(id)) return undefined
  const row = await tx.selectFrom('aura.approval').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && stored(row)
}

export async function find(db: Db, id: string): Promise<Stored | undefined> {
  if (!isUuid(id)) return undefined
  const row = await db.selectFrom('aura.approval').selectAll().where('id', '=', id).executeTakeFirst()
  return row && stored(row)
}

export async function insert(tx: Tx, approval: Approval & { readonly policyVersion: number }, args: string) {
  const row = await tx
    .insertInto('aura.approval')
    .values({
      id: approval.id,
      type: approval.type,
      args,
      summary: approval.summary,
      object: approval.object,
      policy_version: approval.policyVersion,
      hash: approval.hash,
      state: approval.state,
      requested_by: approval.requestedBy,
      requested_at: new Date(approval.requestedAt),
      reason: approval.reason,
      expires_at: new Date(approval.expiresAt),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return stored(row)
}

/** What a step may write. */
export interface Change {
  readonly state: ApprovalState
  readonly decided_by?: string
  readonly decided_at?: Date
  readonly comment?: string | null
  readonly outcome?: string
  readonly attempts?: number
}

export async function change(tx: Tx, id: string, to: Change): Promise<Stored> {
  const row = await tx
    .updateTable('aura.approval')
    .set(to)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return stored(row)
}

/** Requests of one person that wait. */
export async function pendingOf(tx: Tx, requestedBy: string): Promise<Stored[]> {
  const rows = await tx
    .selectFrom('aura.approval')
    .selectAll()
    .where('requested_by', '=', requestedBy)
    .where('state', '=', 'pending')
    .execute()
  return rows.map(stored)
}

/** Open requests on one object, whoever asked. */
export async function openOn(db: Db | Tx, object: string): Promise<Stored[]> {
  const rows = await db
    .selectFrom('aura.approval')
    .selectAll()
    .where('object', '=', object)
    .where('state', 'in', [...openStates])
    .execute()
  return rows.map(stored)
}

export async function idsIn(db: Db, states: readonly ApprovalState[], expiredBy?: number): Promise<string[]> {
  let query = db
    .selectFrom('aura.approval')
    .select('id')
    .where('state', 'in', [...states])
    .orderBy('seq')
  if (expiredBy !== undefined) query = query.where('expires_at', '<=', new Date(expiredBy))
  return (await query.execute()).map(({ id }) => id)
}

export interface Filter {
  readonly state?: ApprovalState
  readonly before?: string
  readonly limit: number
}

export async function list(db: Db, { state, before, limit }: Filter): Promise<Stored[]> {
  if (before !== undefined && !isUuid(before)) return []
  let query = db.selectFrom('aura.approval').selectAll().orderBy('seq', 'desc').limit(limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (before !== undefined) {
    query = query.where('seq', '<', (eb) => eb.selectFrom('aura.approval').select('seq').where('id', '=', before))
  }
  return (await query.execute()).map(stored)
}

/** How many wait, by type, and since when the oldest does. */
export async function waiting(db: Db): Promise<{ type: string; count: number; oldest: Date }[]> {
  const rows = await db
    .selectFrom('aura.approval')
    .select(({ fn }) => ['type', fn.countAll<string>().as('count'), fn.min('requested_at').as('oldest')])
    .where('state', '=', 'pending')
    .groupBy('type')
    .execute()
  return rows.map(({ type, count, oldest }) => ({ type, count: Number(count), oldest }))
}
