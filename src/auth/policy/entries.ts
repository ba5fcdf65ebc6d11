import type { Actor, AuditEntry, Json } from '../../audit/types.ts'
import type { PolicyCaller } from './check.ts'
import type { Change } from './diff.ts'

/** The actor of the audit log for whoever changes the policy. */
export const actorOf = ({ id, credential, ip }: PolicyCaller): Actor => ({
  id,
  ...(credential !== undefined && { session: credential }),
  ...(ip !== '' && { ip }),
})

const verbs = { create: 'create', update: 'update', delete: 'delete' } as const
const assignmentVerbs = { create: 'assign', update: 'assign', delete: 'unassign' } as const

/** What it is done to: a role is given to somebody, and whom is what people look for. */
function objectOf(change: Change): string {
  if (change.kind !== 'assignment') return `${change.kind}:${change.id}`
  const subject = (change.after ?? change.before)?.subject
  return `${subject?.kind}:${subject?.id}`
}

/** As it goes into the log: what is undefined is left out. */
const asJson = (value: Change['after']): Json | undefined =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json)

/** A line of the audit log for each thing that changed. */
export function entriesOf(changes: readonly Change[], actor: Actor, why: string): AuditEntry[] {
  return changes.map((change) => ({
    actor,
    action: change.kind === 'assignment' ? `role.${assignmentVerbs[change.op]}` : `${change.kind}.${verbs[change.op]}`,
    object: objectOf(change),
    scope: change.kind === 'assignment' ? (change.after ?? change.before)?.scope : undefined,
    decision: 'allow' as const,
    rule: why,
    before: asJson(change.before),
    after: asJson(change.after),
  }))
}
