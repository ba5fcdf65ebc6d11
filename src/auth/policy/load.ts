import type { Kysely } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { Assignment, Group, Policy, Role, Rule, Separation } from './types.ts'

/** Collects the rows of each owner, in their order. */
function byOwner<Row, T>(rows: readonly Row[], owner: (row: Row) => string, value: (row: Row) => T): Map<string, T[]> {
  const map = new Map<string, T[]>()
  for (const row of rows) {
    const list = map.get(owner(row)) ?? []
    list.push(value(row))
    map.set(owner(row), list)
  }
  return map
}

async function loadRoles(db: Kysely<Schema>): Promise<Role[]> {
  const rows = await db.selectFrom('aura.role').selectAll().orderBy('id').execute()
  const rules = byOwner(
    await db.selectFrom('aura.role_rule').selectAll().orderBy('role').orderBy('position').execute(),
    ({ role }) => role,
    // A capability of a newer Aura stays as it is; it is asked for by nobody here.
    ({ capability, effect, scope }) => ({ capability, effect, scope }) as Rule,
  )
  return rows.map(({ id, name, description, parent, trust, everything, built_in, version }) => ({
    id,
    name,
    description,
    parent: parent ?? undefined,
    trust,
    rules: rules.get(id) ?? [],
    everything,
    builtIn: built_in,
    version,
  }))
}

async function loadGroups(db: Kysely<Schema>): Promise<Group[]> {
  const rows = await db.selectFrom('aura.user_group').selectAll().orderBy('id').execute()
  const members = byOwner(
    await db.selectFrom('aura.group_member').selectAll().orderBy('group_id').orderBy('position').execute(),
    ({ group_id }) => group_id,
    ({ user_id }) => user_id,
  )
  return rows.map(({ id, name }) => ({ id, name, members: members.get(id) ?? [] }))
}

async function loadAssignments(db: Kysely<Schema>): Promise<Assignment[]> {
  const rows = await db.selectFrom('aura.assignment').selectAll().orderBy('granted_at').orderBy('id').execute()
  return rows.map(({ id, subject_kind, subject_id, role, scope, expires_at, granted_by }) => ({
    id,
    subject: { kind: subject_kind, id: subject_id },
    role,
    scope,
    expiresAt: expires_at?.getTime(),
    grantedBy: granted_by,
  }))
}

const loadSeparations = (db: Kysely<Schema>): Promise<Separation[]> =>
  db.selectFrom('aura.separation').selectAll().orderBy('id').execute()

/** The version alone; with `lock`, nobody else changes the policy until the transaction ends. */
export async function policyVersion(db: Kysely<Schema>, lock = false): Promise<number> {
  const row = db.selectFrom('aura.policy').select('version')
  return (await (lock ? row.forUpdate() : row).executeTakeFirstOrThrow()).version
}

/** All of the policy. To be called in a transaction that sees one state: under the lock, or repeatable read. */
export const loadPolicy = async (db: Kysely<Schema>, version: number): Promise<Policy> => ({
  version,
  roles: await loadRoles(db),
  groups: await loadGroups(db),
  assignments: await loadAssignments(db),
  separations: await loadSeparations(db),
})

/** The policy as it stands, without a lock. */
export const readPolicy = (db: Kysely<Schema>): Promise<Policy> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => loadPolicy(tx, await policyVersion(tx)))
