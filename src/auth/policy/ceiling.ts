import type { Capability } from '../capabilities.ts'
import { ordered } from './bits.ts'
import type { PolicyIndex } from './compile.ts'
import { type Gain, roleGains, userGain } from './gains.ts'
import { intersect } from './scope.ts'
import type { CompiledRole, Reached } from './roles.ts'
import type { Assignment, Group, Scope } from './types.ts'

/** Who changes the policy. */
export interface Granter {
  readonly id: string
  /** Beyond the ceiling: this machine, a file applied by its administrator. Owners are found by themselves. */
  readonly unlimited: boolean
  /** What a token leaves of the granter's rights. */
  readonly may: (capability: Capability) => boolean
}

interface Look {
  readonly granter: Granter
  readonly before: PolicyIndex
  readonly after: PolicyIndex
  readonly trust: number
  readonly now: number
}

const lacking = ({ granter, before, now }: Look, gains: readonly Gain[], how: string): string[] =>
  gains
    .filter(({ capability, scope }) => !granter.may(capability) || !before.holdsAll(granter.id, capability, scope, now))
    .map(({ capability, scope }) => `${how} gives ${capability} on ${scope}, which you do not have`)

const tooTrusted = ({ trust }: Look, role: CompiledRole | undefined): string[] =>
  role !== undefined && role.role.trust >= trust
    ? [`role ${role.role.id} has trust ${role.role.trust}, and yours is ${trust}`]
    : []

const inScope = (rules: readonly Reached[], scope: Scope): Gain[] =>
  rules.flatMap(({ rule }) => {
    const both = intersect(rule.scope, scope)
    return both === undefined ? [] : [{ capability: rule.capability, scope: both }]
  })

/** Whether neither a role nor any junior of it was touched; untouched ones are the same objects. */
function untouched(look: Look, before: CompiledRole, after: CompiledRole): boolean {
  if (before.reach.size !== after.reach.size) return false
  const same = (id: string): boolean => look.before.roles.get(id)?.role === look.after.roles.get(id)?.role
  return [...after.reach].every((id) => before.reach.has(id) && same(id))
}

function ofRole(look: Look, before: CompiledRole | undefined, after: CompiledRole | undefined): string[] {
  if (after === undefined) return tooTrusted(look, before)
  if (before !== undefined && untouched(look, before, after)) return []
  const gains = roleGains(before, after)
  const touched = before?.role !== after.role
  return [
    ...(touched ? tooTrusted(look, before) : []),
    ...(touched || gains.length > 0 ? tooTrusted(look, after) : []),
    ...(after.everything && before?.everything !== true ? [`role ${after.role.id} would hold everything`] : []),
    ...lacking(look, gains, `role ${after.role.id}`),
  ]
}

/** To give a role to these users, or to a group whoever is in it. */
function toGive(look: Look, { role: id, scope }: Assignment, users: readonly string[]): string[] {
  const role = look.after.roles.get(id)
  if (role === undefined) return []
  // A deny takes away: nobody is to bind those who stand above them.
  const above =
    role.denies.length === 0 ? [] : users.filter((user) => look.before.trustOf(user, look.now) >= look.trust)
  return [
    ...tooTrusted(look, role),
    ...(role.everything ? [`role ${id} holds everything`] : lacking(look, inScope(role.allows, scope), `role ${id}`)),
    ...above.map((user) => `role ${id} denies something to user ${user}, whose trust is not below yours`),
  ]
}

/** To take a role away, and with it its denies. */
function toTake(look: Look, { role: id, scope }: Assignment): string[] {
  const role = look.before.roles.get(id)
  if (role === undefined) return []
  return [...tooTrusted(look, role), ...lacking(look, inScope(role.denies, scope), `being rid of role ${id}`)]
}

const usersOf = (index: PolicyIndex, { subject }: Assignment): readonly string[] =>
  subject.kind === 'user' ? [subject.id] : (index.policy.groups.find(({ id }) => id === subject.id)?.members ?? [])

const same = (a: Assignment, b: Assignment | undefined): boolean =>
  b !== undefined &&
  a.role === b.role &&
  a.scope === b.scope &&
  a.expiresAt === b.expiresAt &&
  a.subject.kind === b.subject.kind &&
  a.subject.id === b.subject.id

function ofAssignments(look: Look): string[] {
  const [before, after] = [look.before, look.after].map(
    ({ policy }) => new Map(policy.assignments.map((a) => [a.id, a])),
  )
  return [
    ...[...(before ?? [])].flatMap(([id, each]) => (same(each, after?.get(id)) ? [] : toTake(look, each))),
    ...[...(after ?? [])].flatMap(([id, each]) =>
      same(each, before?.get(id)) ? [] : toGive(look, each, usersOf(look.after, each)),
    ),
  ]
}

const groupsOf = ({ policy }: PolicyIndex): ReadonlyMap<string, Group> =>
  new Map(policy.groups.map((group) => [group.id, group]))

const givenTo = ({ policy }: PolicyIndex, groupId: string): Assignment[] =>
  policy.assignments.filter(({ subject }) => subject.kind === 'group' && subject.id === groupId)

/** To join a group is to get what was given to it, and to leave it to lose that. */
function ofGroups(look: Look): string[] {
  const [before, after] = [groupsOf(look.before), groupsOf(look.after)]
  const found: string[] = []
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [old, fresh] = [before.get(id)?.members ?? [], after.get(id)?.members ?? []]
    if (old === fresh) continue
    const come = fresh.filter((user) => !old.includes(user))
    if (come.length > 0) for (const each of givenTo(look.after, id)) found.push(...toGive(look, each, come))
    const gone = old.some((user) => !fresh.includes(user))
    if (gone) for (const each of givenTo(look.before, id)) found.push(...toTake(look, each))
  }
  return found
}

/** Whoever a separation binds must not loosen it, and who that is changes by the day: owners alone do. */
function ofSeparations({ before, after }: Look): string[] {
  return before.policy.separations.flatMap((old) => {
    const now = after.policy.separations.find(({ id }) => id === old.id)
    const kept = now !== undefined && now.kind === old.kind && now.max <= old.max
    return kept && old.members.every((member) => now.members.includes(member))
      ? []
      : [`only an owner loosens separation ${old.id}`]
  })
}

/**
 * Why somebody may not make a change, one line each. Nobody gives a right that they lack, or touches a role as trusted
 * as their own; nobody gains by their own doing, now or later. Owners are free.
 */
export function overCeiling(granter: Granter, before: PolicyIndex, after: PolicyIndex, now: number): string[] {
  // A token that was given some of an owner's rights is no owner.
  if (granter.unlimited || (before.isOwner(granter.id, now) && ordered.every(granter.may))) return []
  const look: Look = { granter, before, after, trust: before.trustOf(granter.id, now), now }
  const gain = userGain(before, after, granter.id, now)
  const found = [
    ...[...new Set([...before.roles.keys(), ...after.roles.keys()])].flatMap((id) =>
      ofRole(look, before.roles.get(id), after.roles.get(id)),
    ),
    ...ofAssignments(look),
    ...ofGroups(look),
    ...ofSeparations(look),
    ...(gain === undefined ? [] : [`you would gain ${gain} yourself`]),
  ]
  return [...new Set(found)]
}
