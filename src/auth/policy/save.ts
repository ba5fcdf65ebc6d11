import type { Transaction } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { Change } from './diff.ts'
import type { Assignment, Group, Role, Separation } from './types.ts'

type Tx = Transaction<Schema>

async function saveRole(tx: Tx, { id, name, description, parent, trust, rules, everything, builtIn, version }: Role) {
  const fields = { name, description, parent: parent ?? null, trust, everything, built_in: builtIn, version }
  await tx
    .insertInto('aura.role')
    .values({ id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute()
  await tx.deleteFrom('aura.role_rule').where('role', '=', id).execute()
  if (rules.length === 0) return
  const rows = rules.map(({ capability, effect, scope }, position) => ({
    role: id,
    position,
    capability,
    effect,
    scope,
  }))
  await tx.insertInto('aura.role_rule').values(rows).execute()
}

/** PostgreSQL takes 65,535 parameters in one statement. */
const batch = 10_000

async function saveGroup(tx: Tx, { id, name, members }: Group) {
  await tx
    .insertInto('aura.user_group')
    .values({ id, name })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
    .execute()
  await tx.deleteFrom('aura.group_member').where('group_id', '=', id).execute()
  const rows = members.map((user_id, position) => ({ group_id: id, position, user_id }))
  for (let at = 0; at < rows.length; at += batch) {
    await tx
      .insertInto('aura.group_member')
      .values(rows.slice(at, at + batch))
      .execute()
  }
}

async function saveAssignment(tx: Tx, { id, subject, role, scope, expiresAt, grantedBy }: Assignment) {
  const fields = {
    subject_kind: subject.kind,
    subject_id: subject.id,
    role,
    scope,
    expires_at: expiresAt === undefined ? null : new Date(expiresAt),
    granted_by: grantedBy,
  }
  await tx
    .insertInto('aura.assignment')
    .values({ id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute()
}

async function saveSeparation(tx: Tx, { id, name, kind, members, max }: Separation) {
  const fields = { name, kind, members: [...members], max }
  await tx
    .insertInto('aura.separation')
    .values({ id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute()
}

const tables = {
  role: 'aura.role',
  group: 'aura.user_group',
  assignment: 'aura.assignment',
  separation: 'aura.separation',
} as const

async function saveOne(tx: Tx, change: Change): Promise<void> {
  if (change.after === undefined) {
    await tx.deleteFrom(tables[change.kind]).where('id', '=', change.id).execute()
    return
  }
  if (change.kind === 'role') return saveRole(tx, change.after)
  if (change.kind === 'group') return saveGroup(tx, change.after)
  if (change.kind === 'assignment') return saveAssignment(tx, change.after)
  return saveSeparation(tx, change.after)
}

/** Writes what changed and the new version, inside the transaction that holds the lock. */
export async function savePolicy(tx: Tx, changes: readonly Change[], version: number): Promise<void> {
  for (const change of changes) await saveOne(tx, change)
  await tx.updateTable('aura.policy').set({ version }).execute()
}
