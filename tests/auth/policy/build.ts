import type { Capability } from '../../../src/auth/capabilities.ts'
import type { Assignment, Policy, Role, Rule } from '../../../src/auth/policy/types.ts'

/** Short ways to write a policy down. */
export const allow = (capability: Capability, scope = '*'): Rule => ({ capability, effect: 'allow', scope })
export const deny = (capability: Capability, scope = '*'): Rule => ({ capability, effect: 'deny', scope })

export const role = (id: string, trust: number, rules: readonly Rule[] = [], parent?: string): Role => ({
  id,
  name: id,
  description: '',
  parent,
  trust,
  rules,
  everything: id === 'owner',
  builtIn: id === 'owner',
  version: 1,
})

export const give = (userId: string, roleId: string, scope = '*', expiresAt?: number): Assignment => ({
  id: `${userId} ${roleId} ${scope}`,
  subject: { kind: 'user', id: userId },
  role: roleId,
  scope,
  expiresAt,
  grantedBy: 'setup',
})

export const giveGroup = (groupId: string, roleId: string, scope = '*', expiresAt?: number): Assignment => ({
  ...give(groupId, roleId, scope, expiresAt),
  subject: { kind: 'group', id: groupId },
})

export const policyOf = (parts: Partial<Policy>): Policy => ({
  version: 1,
  roles: [],
  assignments: [],
  groups: [],
  separations: [],
  ...parts,
})
