import { isCapability } from '../capabilities.ts'
import type { PolicyIndex } from './compile.ts'
import { maxDepth } from './roles.ts'
import { isScope } from './scope.ts'
import { heldTogether } from './separation.ts'
import type { Assignment, Group, Policy, Role, Separation } from './types.ts'

export const ownerRole = 'owner'
const limits = { roles: 5000, rules: 500, allRules: 20_000, members: 10_000, name: 100, description: 1000 }

const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/
const control = /[^\P{Cc}\n\t]/u
const unsafe = /[\p{Cc}\p{Cf}]/u
const isName = (text: string): boolean => text.trim() === text && text.length > 0 && text.length <= limits.name
const isUserId = (id: string): boolean => id.length > 0 && id.length <= 255 && !unsafe.test(id)
/** The end of the year 9999. */
const lastTime = 253_402_300_799_999
const named = (name: string): string[] =>
  isName(name) && !unsafe.test(name) ? [] : [`a name has 1 to ${limits.name} characters, none of them invisible`]

/** A role by itself. */
function ofRole(role: Role): string[] {
  const found = [...named(role.name)]
  if (!idPattern.test(role.id)) found.push('an id has lower case letters, digits and hyphens, 63 at most')
  if (role.description.length > limits.description || control.test(role.description))
    found.push(`a description has up to ${limits.description} characters that can be seen`)
  if (!Number.isInteger(role.trust) || role.trust < 0 || role.trust > 100)
    found.push('trust is a whole number, 0 to 100')
  if (role.everything !== (role.id === ownerRole)) found.push(`only ${ownerRole} holds everything`)
  if (role.rules.length > limits.rules) found.push(`at most ${limits.rules} rules`)
  for (const { capability, effect, scope } of role.rules) {
    if (!isCapability(capability)) found.push(`there is no capability ${JSON.stringify(capability)}`)
    if (effect !== 'allow' && effect !== 'deny') found.push(`a rule allows or denies`)
    if (!isScope(scope)) found.push(`${JSON.stringify(scope)} is not a scope`)
  }
  if (role.id === ownerRole && (role.rules.length > 0 || role.parent !== undefined || role.trust !== 100))
    found.push('it stands at the root with trust 100 and no rules')
  return found.map((text) => `role ${role.id}: ${text}`)
}

/** A role among the others: its seniors. */
function ofPlace(role: Role, roles: ReadonlyMap<string, Role>): string[] {
  const found: string[] = []
  const parent = role.parent === undefined ? undefined : roles.get(role.parent)
  if (role.parent === role.id) return [`role ${role.id}: it cannot be its own parent`]
  if (role.parent !== undefined && parent === undefined) found.push(`there is no role ${role.parent}`)
  if (parent !== undefined && parent.trust < role.trust)
    found.push(`its trust (${role.trust}) is above that of its parent ${parent.id} (${parent.trust})`)
  const above = new Set([role.id])
  for (let at = parent; at !== undefined; at = at.parent === undefined ? undefined : roles.get(at.parent)) {
    if (above.has(at.id)) {
      found.push('it would be above itself')
      break
    }
    above.add(at.id)
    if (above.size > maxDepth) {
      found.push(`it would lie more than ${maxDepth} levels deep`)
      break
    }
  }
  return found.map((text) => `role ${role.id}: ${text}`)
}

function ofSeparation(separation: Separation, index: PolicyIndex): string[] {
  const { id, kind, members, max, name } = separation
  const found = [...named(name)]
  if (!idPattern.test(id)) found.push('an id has lower case letters, digits and hyphens')
  if (new Set(members).size !== members.length) found.push('it names something twice')
  if (members.length < 2 || !Number.isInteger(max) || max < 1 || max >= members.length)
    found.push('it takes two or more, of which one person has at least 1 and not all')
  for (const member of members) {
    const reach = index.roles.get(member)?.reach
    if (kind === 'dynamic' && !isCapability(member)) found.push(`there is no capability ${member}`)
    if (kind === 'static' && reach === undefined) found.push(`there is no role ${member}`)
    const below = kind === 'static' ? members.filter((other) => other !== member && reach?.has(other)) : []
    if (below.length >= max) found.push(`${member} inherits from ${below.join(', ')}: nobody could hold it`)
  }
  return found.map((text) => `separation ${id}: ${text}`)
}

function ofAssignment(
  { subject, role, scope, expiresAt }: Assignment,
  index: PolicyIndex,
  groups: Set<string>,
): string[] {
  const found: string[] = []
  if (!index.roles.has(role)) found.push(`there is no role ${role}`)
  if (!isScope(scope)) found.push(`${JSON.stringify(scope)} is not a scope`)
  if (subject.kind === 'group' && !groups.has(subject.id)) found.push(`there is no group ${subject.id}`)
  if (!isUserId(subject.id)) found.push('it is for nobody')
  if (expiresAt !== undefined && !(Number.isInteger(expiresAt) && expiresAt >= 0 && expiresAt <= lastTime))
    found.push('its end is not a time')
  return found.map((text) => `${role} for ${subject.kind} ${subject.id}: ${text}`)
}

function ofGroup({ id, name, members }: Group): string[] {
  const found = [...named(name)]
  if (members.length > limits.members) found.push(`at most ${limits.members} members`)
  if (new Set(members).size !== members.length || !members.every(isUserId))
    found.push('it names somebody twice, or nobody')
  if (!isUserId(id)) found.push('its id is none')
  return found.map((text) => `group ${id}: ${text}`)
}

const twice = (what: string, ids: readonly string[]): string[] => {
  const seen = new Set<string>()
  return ids.flatMap((id) => (seen.size === seen.add(id).size ? [`there are two of ${what} ${id}`] : []))
}

/** Who holds more of a static separation's roles than one person may, one line each. */
export function heldApart(index: PolicyIndex, now: number): string[] {
  const sets = index.policy.separations.filter(({ kind }) => kind === 'static')
  if (sets.length === 0) return []
  return index.users.flatMap((userId) =>
    sets.flatMap((set) => {
      const held = heldTogether(index, userId, set, now)
      if (held.length <= set.max) return []
      return [`separation ${set.id}: user ${userId} would hold ${held.join(' and ')}, of which ${set.max} is allowed`]
    }),
  )
}

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id)

/** All that is wrong with a policy in itself, one line each; nothing is when it is empty. */
export function malformed(index: PolicyIndex): string[] {
  const { roles, groups, assignments, separations }: Policy = index.policy
  const byId = new Map(roles.map((role) => [role.id, role]))
  const groupIds = new Set(groups.map(({ id }) => id))
  const given = assignments.map(({ subject, role, scope }) => `${role} on ${scope} for ${subject.kind} ${subject.id}`)
  return [
    ...(roles.length > limits.roles ? [`at most ${limits.roles} roles`] : []),
    ...(roles.reduce((sum, { rules }) => sum + rules.length, 0) > limits.allRules
      ? [`at most ${limits.allRules} rules in all`]
      : []),
    ...twice('role', ids(roles)),
    ...twice('group', ids(groups)),
    ...twice(
      'group',
      groups.map(({ name }) => name.toLowerCase()),
    ),
    ...twice('separation', ids(separations)),
    ...twice('assignment', given),
    ...roles.flatMap(ofRole),
    ...roles.flatMap((role) => ofPlace(role, byId)),
    ...groups.flatMap(ofGroup),
    ...assignments.flatMap((each) => ofAssignment(each, index, groupIds)),
    ...separations.flatMap((each) => ofSeparation(each, index)),
  ]
}

/** Lines that are new. What was wrong before does not stand in the way of mending it step by step. */
export function added(after: readonly string[], before: () => readonly string[]): readonly string[] {
  if (after.length === 0) return after
  const known = new Set(before())
  return after.filter((text) => !known.has(text))
}
