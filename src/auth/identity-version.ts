import { sql, type Transaction } from 'kysely'
import type { Db, Schema } from '../database/schema.ts'

/** To be called in the transaction of whatever ends a session or token, so that every process hears of it. */
export async function bumpIdentity(tx: Transaction<Schema>): Promise<void> {
  await sql`update aura.identity_version set version = version + 1`.execute(tx)
}

export async function identityVersion(db: Db): Promise<number> {
  const row = await db.selectFrom('aura.identity_version').select('version').executeTakeFirstOrThrow()
  return Number(row.version)
}
