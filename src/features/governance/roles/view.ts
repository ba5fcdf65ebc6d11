import type { PolicyIndex } from '../../../auth/policy/compile.ts'
import type { RoleFields } from '../../../auth/policy/changes.ts'
import type { Capability } from '../../../auth/capabilities.ts'
import type { Role } from '../../../auth/policy/types.ts'
import type { RoleEdit, RoleTree, RoleView } from '../contract.ts'
import { verdictsOf } from './effective.ts'

const order = (a: Role, b: Role): number => b.trust - a.trust || (a.name < b.name ? -1 : 1)

export function roleView(role: Role, index: PolicyIndex, now: number): RoleView {
  const { parent, rules, ...rest } = role
  const compiled = index.roles.get(role.id)
  const holders = index.policy.assignments.filter(
    ({ role: id, expiresAt }) => id === role.id && (expiresAt === undefined || expiresAt > now),
  )
  return {
    ...rest,
    ...(parent !== undefined && { parent }),
    rules: [...rules],
    holders: new Set(holders.map(({ subject }) => `${subject.kind}:${subject.id}`)).size,
    effective: compiled === undefined ? {} : verdictsOf(compiled),
  }
}

export const roleTree = (index: PolicyIndex, now: number): RoleTree => ({
  policyVersion: index.policy.version,
  roles: index.policy.roles.toSorted(order).map((role) => roleView(role, index, now)),
})

/** What was sent, as the policy takes it; whether the capabilities exist is the policy's own check. */
export const fieldsOf = ({ name, description, parent, trust, rules }: Omit<RoleEdit, 'version'>): RoleFields => ({
  name,
  description,
  parent,
  trust,
  rules: rules.map((rule) => ({ ...rule, capability: rule.capability as Capability })),
})
