import type { Kysely } from 'kysely'
import { instance } from './0001-instance.ts'
import { realtimeLog } from './0002-realtime-log.ts'
import { policy } from './0003-policy.ts'
import { identity } from './0004-identity.ts'
import { audit } from './0005-audit.ts'
import { approvals } from './0006-approvals.ts'
import { foreignAudit } from './0007-foreign-audit.ts'
import { deliveredAlerts } from './0008-delivered-alerts.ts'

/** One step of the schema. Once released it is never changed, only followed by another. */
export interface AuraMigration {
  /** `NNNN-what`, as its file is called; they run in this order. */
  readonly name: `${number}-${string}`
  /** Gets no table types: those describe the newest schema, a migration the schema of its day. */
  up(db: Kysely<unknown>): Promise<void>
}

/** All of them, oldest first. */
export const migrations: readonly AuraMigration[] = [
  instance,
  realtimeLog,
  policy,
  identity,
  audit,
  approvals,
  foreignAudit,
  deliveredAlerts,
]
