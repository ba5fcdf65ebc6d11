import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { AuditRow } from '../types.ts'
import { networkOf } from './network.ts'
import type { Observed } from './types.ts'

type Tx = Transaction<Schema>

/** A browser without its version, in a network: what stays the same from one day to the next. */
const deviceOf = (user: string, agent: string, ip: string | undefined): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([user, agent.replaceAll(/[\d._]+/g, ''), networkOf(ip ?? '')]))
    .digest()

async function isNewDevice(tx: Tx, { actor, ts }: AuditRow): Promise<boolean> {
  const session = await tx
    .selectFrom('aura.session')
    .select('agent')
    .where('id', '=', actor.session ?? '')
    .executeTakeFirst()
  const device = deviceOf(actor.id, session?.agent ?? '', actor.ip)
  const known = await tx.selectFrom('aura.known_device').select('device').where('user_id', '=', actor.id).execute()
  const seen = { last_seen_at: new Date(ts) }
  await tx
    .insertInto('aura.known_device')
    .values({ user_id: actor.id, device, ...seen })
    .onConflict((on) => on.columns(['user_id', 'device']).doUpdateSet(seen))
    .execute()
  return known.length > 0 && !known.some((one) => one.device.equals(device))
}

async function isFirstApproval(tx: Tx, { actor, seq }: AuditRow): Promise<boolean> {
  const before = await tx
    .selectFrom('audit.log')
    .select('seq')
    .where('action', '=', 'approval.approve')
    .where('actor', '=', actor.id)
    .where('decision', '=', 'allow')
    .where('seq', '<', String(seq))
    .limit(1)
    .executeTakeFirst()
  return before === undefined
}

/** Whoever is erased leaves no trace here either. */
async function erase(tx: Tx, user: string): Promise<void> {
  await tx.deleteFrom('aura.known_device').where('user_id', '=', user).execute()
  await tx.updateTable('aura.security_alert').set({ address: null }).where('actor', '=', user).execute()
}

/** A row with what it does not tell by itself, in the transaction that marks it as looked at. */
export async function observe(tx: Tx, row: AuditRow): Promise<Observed> {
  const done = row.decision === 'allow'
  if (done && row.action === 'user.erase') await erase(tx, row.object?.replace(/^user:/, '') ?? '')
  const newDevice = done && row.action === 'session.create' && (await isNewDevice(tx, row))
  const firstApproval = done && row.action === 'approval.approve' && (await isFirstApproval(tx, row))
  return { ...row, newDevice, firstApproval }
}
