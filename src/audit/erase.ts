import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** Removes what the audit log keeps of a person beside the chain: addresses, and browsers they signed in with. */
export async function erasePerson(tx: Transaction<Schema>, id: string): Promise<void> {
  await tx.deleteFrom('aura.audit_address').where('actor', '=', id).execute()
  await tx.deleteFrom('aura.known_device').where('user_id', '=', id).execute()
  await tx.updateTable('aura.security_alert').set({ address: null }).where('actor', '=', id).execute()
}
