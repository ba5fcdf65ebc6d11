import type { Transaction } from 'kysely'
import type { Audit } from '../../audit/types.ts'
import type { Db, Schema } from '../../database/schema.ts'
import { ordered } from './bits.ts'
import { diff } from './diff.ts'
import { entriesOf } from './entries.ts'
import { loadPolicy, policyVersion } from './load.ts'
import { savePolicy } from './save.ts'
import { shippedRoles, shippedSeparations } from './shipped.ts'
import type { Policy } from './types.ts'

/**
 * A policy with what Aura ships. In an empty one that is all of it; in one that is in use, shipped roles get those
 * capabilities that came with this version, and nothing that somebody took from them comes back.
 */
export function seeded(policy: Policy, known: ReadonlySet<string>): Policy {
  if (policy.roles.length === 0) return { ...policy, roles: shippedRoles, separations: shippedSeparations }
  const roles = policy.roles.map((role) => {
    const shipped = role.builtIn ? shippedRoles.find(({ id }) => id === role.id) : undefined
    const more = shipped?.rules.filter(({ capability }) => !known.has(capability)) ?? []
    return more.length === 0
      ? role
      : Object.assign({}, role, { rules: [...role.rules, ...more], version: role.version + 1 })
  })
  return { ...policy, roles }
}

async function seedIn(tx: Transaction<Schema>, audit: Pick<Audit, 'append'>): Promise<void> {
  const version = await policyVersion(tx, true)
  const row = await tx.selectFrom('aura.policy').select('seeded').executeTakeFirstOrThrow()
  const known = new Set(row.seeded)
  if (ordered.every((capability) => known.has(capability))) return
  const before = await loadPolicy(tx, version)
  const changes = diff(before, seeded(before, known))
  await savePolicy(tx, changes, changes.length === 0 ? version : version + 1)
  await tx
    .updateTable('aura.policy')
    .set({ seeded: [...new Set([...known, ...ordered])] })
    .execute()
  for (const entry of entriesOf(changes, { id: 'system' }, 'shipped with Aura')) await audit.append(tx, entry)
}

/** Brings what is shipped into the database, once for each capability. */
export const seed = (db: Db, audit: Pick<Audit, 'append'>): Promise<void> =>
  db.transaction().execute((tx) => seedIn(tx, audit))
