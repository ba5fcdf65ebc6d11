import type { Capability } from '../capabilities.ts'
import { refused } from './errors.ts'
import type { Assignment, Group, Policy, Role, Rule, Separation } from './types.ts'

export interface PolicyNeeds {
  readonly capability: Capability
  readonly object: string
}

/** What somebody wants to change: what it takes to ask for it, and the policy as it would be. Pure. */
export interface PolicyEdit {
  /** All of these. */
  needs(policy: Policy): readonly PolicyNeeds[]
  /** Throws what refuses the change by itself; constraints and the ceiling come after. */
  apply(policy: Policy): Policy
}

export interface RoleFields {
  readonly name: string
  readonly description: string
  readonly parent: string | undefined
  readonly trust: number
  readonly rules: readonly Rule[]
}

export type AssignmentFields = Pick<Assignment, 'subject' | 'role' | 'scope' | 'expiresAt'>

const edit = (capability: Capability, object: string, apply: PolicyEdit['apply']): PolicyEdit => ({
  needs: () => [{ capability, object }],
  apply,
})

function found<T extends { readonly id: string }>(list: readonly T[], id: string, what: string): T {
  const it = list.find((each) => each.id === id)
  if (it === undefined) throw refused('NOT_FOUND', `there is no ${what} ${id}`)
  return it
}

const replaced = <T extends { readonly id: string }>(list: readonly T[], by: T): T[] =>
  list.map((each) => (each.id === by.id ? by : each))

const without = <T extends { readonly id: string }>(list: readonly T[], id: string): T[] =>
  list.filter((each) => each.id !== id)

/** `version` is the one that the editor saw. */
function atVersion(policy: Policy, id: string, version: number): Role {
  const role = found(policy.roles, id, 'role')
  if (role.version === version) return role
  throw refused('VERSION_CONFLICT', `role ${id} was changed meanwhile: look at it again, then decide`, {
    version: role.version,
  })
}

export const createRole = (id: string, fields: RoleFields): PolicyEdit =>
  edit('role:edit', `role:${id}`, (policy) => ({
    ...policy,
    roles: [...policy.roles, { ...fields, id, everything: false, builtIn: false, version: 1 }],
  }))

export const updateRole = (id: string, fields: RoleFields, version: number): PolicyEdit =>
  edit('role:edit', `role:${id}`, (policy) => {
    const role = atVersion(policy, id, version)
    return { ...policy, roles: replaced(policy.roles, { ...role, ...fields, version: version + 1 }) }
  })

/** Why a role cannot go: somebody holds it, it has juniors, or a separation names it. */
export function usesOf(policy: Policy, id: string): string[] {
  const holders = policy.assignments.filter(({ role }) => role === id)
  const below = policy.roles.filter(({ parent }) => parent === id)
  const sets = policy.separations.filter(({ kind, members }) => kind === 'static' && members.includes(id))
  return [
    ...(holders.length > 0 ? [`${holders.length} hold it`] : []),
    ...below.map((role) => `it is the parent of ${role.id}`),
    ...sets.map((set) => `separation ${set.name} names it`),
  ]
}

export const deleteRole = (id: string, version: number): PolicyEdit =>
  edit('role:edit', `role:${id}`, (policy) => {
    const role = atVersion(policy, id, version)
    if (role.builtIn) throw refused('IN_USE', `role ${id} came with Aura: it may be changed, but not deleted`)
    const uses = usesOf(policy, id)
    if (uses.length > 0) throw refused('IN_USE', `role ${id} is in use: ${uses.join('; ')}`)
    return { ...policy, roles: without(policy.roles, id) }
  })

/** Whether two give the same role to the same on the same scope: then they are one, whatever their ends. */
export const isSameGift = (a: AssignmentFields, b: AssignmentFields): boolean =>
  a.role === b.role && a.scope === b.scope && a.subject.id === b.subject.id && a.subject.kind === b.subject.kind

/** Gives a role. The same one on the same scope once more sets its end anew. */
export const assign = (id: string, fields: AssignmentFields, grantedBy: string): PolicyEdit =>
  edit('role:assign', `role:${fields.role}`, (policy) => {
    const same = policy.assignments.find((each) => isSameGift(each, fields))
    if (same !== undefined && same.expiresAt === fields.expiresAt) return policy
    const { subject, role, scope, expiresAt } = fields
    const made: Assignment = { id: same?.id ?? id, subject, role, scope, expiresAt, grantedBy }
    const assignments = same === undefined ? [...policy.assignments, made] : replaced(policy.assignments, made)
    return { ...policy, assignments }
  })

export const unassign = (id: string): PolicyEdit => ({
  needs: (policy) => [
    {
      capability: 'role:assign',
      object: `role:${found(policy.assignments, id, 'assignment').role}`,
    },
  ],
  apply: (policy) => ({ ...policy, assignments: without(policy.assignments, id) }),
})

export const createGroup = (group: Group): PolicyEdit =>
  edit('role:assign', `group:${group.id}`, (policy) => ({ ...policy, groups: [...policy.groups, group] }))

export const updateGroup = (group: Group): PolicyEdit =>
  edit('role:assign', `group:${group.id}`, (policy) => {
    found(policy.groups, group.id, 'group')
    return { ...policy, groups: replaced(policy.groups, group) }
  })

/** With it goes whatever was given to it. */
export const deleteGroup = (id: string): PolicyEdit =>
  edit('role:assign', `group:${id}`, (policy) => {
    found(policy.groups, id, 'group')
    const assignments = policy.assignments.filter(({ subject }) => subject.kind !== 'group' || subject.id !== id)
    return { ...policy, groups: without(policy.groups, id), assignments }
  })

export const setSeparation = (separation: Separation): PolicyEdit =>
  edit('role:edit', `separation:${separation.id}`, (policy) => ({
    ...policy,
    separations: [...without(policy.separations, separation.id), separation],
  }))

export const deleteSeparation = (id: string): PolicyEdit =>
  edit('role:edit', `separation:${id}`, (policy) => {
    found(policy.separations, id, 'separation')
    return { ...policy, separations: without(policy.separations, id) }
  })

/** Takes a user out of everything, for one who is erased. */
export const forgetUser = (userId: string): PolicyEdit =>
  edit('user:edit', `user:${userId}`, (policy) => ({
    ...policy,
    assignments: policy.assignments.filter(({ subject }) => subject.kind !== 'user' || subject.id !== userId),
    groups: policy.groups.map((group) =>
      group.members.includes(userId) ? { ...group, members: group.members.filter((id) => id !== userId) } : group,
    ),
  }))
