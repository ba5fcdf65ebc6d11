import type { Capability } from '../capabilities.ts'
import { ordered, placeOf, has } from './bits.ts'
import { decide, holdsAll, type Rights, rightsOf } from './decide.ts'
import { alive, holdings } from './holdings.ts'
import { type CompiledRole, compileRoles } from './roles.ts'
import type { Assignment, CompiledPolicy, Policy, Scope } from './types.ts'

/** A compiled policy with what the checks on changes need besides. */
export interface PolicyIndex extends CompiledPolicy {
  readonly roles: ReadonlyMap<string, CompiledRole>
  /** Ids of all who hold anything, by themselves or by a group. */
  readonly users: readonly string[]
  held(userId: string): readonly Assignment[]
  rights(userId: string): Rights | undefined
  /** Whether the user holds the capability on the whole of the scope. */
  holdsAll(userId: string, capability: Capability, scope: Scope, now: number): boolean
  /** Whether nothing is out of the user's reach: a role with everything, everywhere, and no deny. */
  isOwner(userId: string, now: number): boolean
}

const nothing: readonly Assignment[] = []

/** Makes a policy fast to ask. Roles are worked out at once, each user at their first question. */
export function compile(policy: Policy): PolicyIndex {
  const roles = compileRoles(policy.roles)
  const byUser = holdings(policy)
  const expiries = policy.assignments.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted((a, b) => a - b)
  const known = new Map<string, Rights>()
  const held = (userId: string): readonly Assignment[] => byUser.get(userId) ?? nothing
  const rights = (userId: string): Rights | undefined => {
    const found = known.get(userId)
    if (found !== undefined || !byUser.has(userId)) return found
    const made = rightsOf(held(userId), roles)
    known.set(userId, made)
    return made
  }
  const policyVersion = policy.version
  const holding = (userId: string, now: number): CompiledRole[] =>
    held(userId).flatMap((each) => (alive(each, now) ? (roles.get(each.role) ?? []) : []))

  const index: PolicyIndex = {
    policy,
    roles,
    users: [...byUser.keys()],
    held,
    rights,
    decide: (userId, capability, object, now) => decide(rights(userId), { capability, object, policyVersion }, now),
    capabilitiesOf(userId, now) {
      const mine = rights(userId)
      const may = (capability: Capability): boolean =>
        decide(mine, { capability, object: undefined, policyVersion }, now).allow
      return new Set(ordered.filter(may))
    },
    rolesOf: (userId, now) => [...new Set(holding(userId, now).map(({ role }) => role.id))],
    trustOf: (userId, now) => Math.max(-1, ...holding(userId, now).map(({ role }) => role.trust)),
    whoCanGrant: (capability, now) => granters(index, capability, now),
    nextExpiry: (now) => expiries.find((at) => at > now),
    holdsAll: (userId, capability, scope, now) => holdsAll(rights(userId), capability, scope, now),
    isOwner(userId, now) {
      const mine = rights(userId)
      if (mine === undefined || mine.denies.some((list) => list?.some((deny) => alive(deny, now)))) return false
      return mine.everything.some((entry) => entry.scope === '*' && alive(entry, now))
    },
  }
  return index
}

function granters(index: PolicyIndex, capability: Capability, now: number): string[] {
  const place = placeOf(capability)
  if (place === undefined) return []
  const giving = [...index.roles.values()].filter(({ allowed }) => has(allowed, place))
  const can = (userId: string): boolean => {
    if (index.isOwner(userId, now)) return true
    if (!index.decide(userId, capability, undefined, now).allow) return false
    const trust = index.trustOf(userId, now)
    return giving.some(
      ({ role }) => role.trust < trust && index.decide(userId, 'role:assign', `role:${role.id}`, now).allow,
    )
  }
  return index.users.filter(can)
}
