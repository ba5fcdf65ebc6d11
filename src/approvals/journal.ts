import type { Transaction } from 'kysely'
import type { Audit, AuditEntry, Json } from '../audit/types.ts'
import type { Caller } from '../auth/types.ts'
import type { Schema } from '../database/schema.ts'
import type { Approval } from './types.ts'

/** Steps of a request that the audit log keeps, as `approval.<step>`. */
export type Step = 'request' | 'approve' | 'refuse' | 'withdraw' | 'expire' | 'start' | 'done' | 'fail'

type Actor = AuditEntry['actor']

export const actorOf = ({ id, credential, ip }: Caller): Actor => ({
  id,
  ip,
  ...(credential !== undefined && { session: credential }),
})

const system: Actor = { id: 'system' }

/** What the log keeps of a request: enough to tell exactly what was agreed to. */
const detailOf = ({ id, type, args, hash, requestedBy, outcome, comment }: Approval): Json => ({
  approval: id,
  type,
  args,
  hash,
  requestedBy,
  ...(comment !== undefined && { comment }),
  ...(outcome !== undefined && { outcome }),
})

const entry = (actor: Actor, step: Step, approval: Approval, more?: Partial<AuditEntry>): AuditEntry => ({
  actor,
  action: `approval.${step}`,
  object: approval.object,
  decision: 'none',
  after: detailOf(approval),
  ...more,
})

/** Writes each step in the transaction that takes it, and refused attempts on their own. */
export function createJournal(audit: Pick<Audit, 'append' | 'record'>) {
  return {
    async step(tx: Transaction<Schema>, step: Step, approval: Approval, caller?: Caller): Promise<void> {
      const decision = step === 'refuse' ? 'deny' : step === 'approve' || step === 'request' ? 'allow' : 'none'
      const onBehalf = approval.decidedBy ?? approval.requestedBy
      const actor = caller === undefined ? { ...system, onBehalfOf: onBehalf } : actorOf(caller)
      await audit.append(tx, entry(actor, step, approval, { decision }))
    },
    async denied(caller: Caller, step: Step, approval: Approval, code: string): Promise<void> {
      await audit.record(entry(actorOf(caller), step, approval, { decision: 'deny', rule: code }))
    },
  }
}

export type Journal = ReturnType<typeof createJournal>
