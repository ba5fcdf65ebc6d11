import type { PolicyEdit } from '../policy/changes.ts'
import { isSameGift } from '../policy/changes.ts'
import type { Assignment, Group, Policy } from '../policy/types.ts'
import type { ExternalRules } from './types.ts'

/** Own keys alone: a group called `constructor` gives nothing. */
const mapped = (map: Readonly<Record<string, string>>, groups: readonly string[]): Set<string> =>
  new Set(groups.flatMap((group) => (Object.hasOwn(map, group) ? [map[group] ?? ''] : [])))

/** Roles that are configured but do not exist here; for a word in the log. */
export function unknownRoles({ roles }: Policy, { roleMap, defaultRole }: ExternalRules): string[] {
  const known = new Set(roles.map(({ id }) => id))
  return [...new Set([...Object.values(roleMap), defaultRole])].filter((role) => role !== '' && !known.has(role))
}

/** What this way gave and gives no more goes; what people gave stays, but what would end becomes lasting. */
function assignmentsOf(
  { assignments }: Policy,
  wanted: readonly Assignment[],
  userId: string,
  method: string,
): Assignment[] {
  const gone = (each: Assignment): boolean =>
    wanted.some((want) => isSameGift(want, each))
      ? each.expiresAt !== undefined
      : each.grantedBy === method && each.subject.kind === 'user' && each.subject.id === userId
  const kept = assignments.filter((each) => !gone(each))
  return [...kept, ...wanted.filter((want) => !kept.some((each) => isSameGift(want, each)))]
}

function membersOf(group: Group, userId: string, member: boolean): Group {
  if (group.members.includes(userId) === member) return group
  const members = member ? [...group.members, userId] : group.members.filter((id) => id !== userId)
  return { ...group, members }
}

/**
 * What somebody's groups elsewhere make of their rights here: roles given in this way come and go with those groups, and
 * so does membership in the groups that are mapped. `newId` makes ids of assignments.
 */
export function mappingEdit(
  userId: string,
  groups: readonly string[],
  rules: ExternalRules,
  newId: () => string,
): PolicyEdit {
  const { method, roleMap, groupMap, defaultRole } = rules
  const roles = mapped(roleMap, groups).add(defaultRole)
  const [isIn, managed] = [mapped(groupMap, groups), new Set(Object.values(groupMap))]
  const subject = { kind: 'user', id: userId } as const
  return {
    needs: () => [{ capability: 'role:assign', object: `user:${userId}` }],
    apply(policy) {
      const wanted = policy.roles
        .filter(({ id }) => roles.has(id))
        .map(({ id }) => ({ id: newId(), subject, role: id, scope: '*', expiresAt: undefined, grantedBy: method }))
      return {
        ...policy,
        assignments: assignmentsOf(policy, wanted, userId, method),
        groups: policy.groups.map((group) =>
          managed.has(group.name) ? membersOf(group, userId, isIn.has(group.name)) : group,
        ),
      }
    },
  }
}
