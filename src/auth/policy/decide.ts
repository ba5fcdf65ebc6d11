import type { Capability } from '../capabilities.ts'
import { has, noBits, add, join, placeOf, type Bits } from './bits.ts'
import { alive } from './holdings.ts'
import type { CompiledRole, Reached } from './roles.ts'
import { covers, intersect, reaches } from './scope.ts'
import type { Assignment, Decision, Scope } from './types.ts'

/** One reason to allow or deny: a rule, through an assignment, where both reach. */
export interface Entry {
  readonly scope: Scope
  readonly expiresAt: number | undefined
  readonly rule: Decision['rule']
  readonly path: readonly string[]
  readonly assignment: string
}

/** What one user holds, sorted by capability so that a question looks at nothing else. */
export interface Rights {
  /** Capabilities for which there is any entry; the rest is refused at a glance. */
  readonly some: Bits
  /** Of assignments of roles that hold every capability. */
  readonly everything: readonly Entry[]
  /** By bit of the capability. */
  readonly allows: readonly (readonly Entry[] | undefined)[]
  readonly denies: readonly (readonly Entry[] | undefined)[]
}

const none: readonly Entry[] = []

/** An entry that another, as long-lived, makes superfluous is left out. */
function keep(list: Entry[], entry: Entry): void {
  const end = entry.expiresAt ?? Number.POSITIVE_INFINITY
  const known = (other: Entry): boolean =>
    (other.expiresAt ?? Number.POSITIVE_INFINITY) >= end && covers(other.scope, entry.scope)
  if (!list.some(known)) list.push(entry)
}

function collect(into: (Entry[] | undefined)[], rules: readonly Reached[], assignment: Assignment): void {
  for (const { rule, place, path } of rules) {
    const scope = intersect(rule.scope, assignment.scope)
    if (scope === undefined) continue
    const { id, expiresAt } = assignment
    keep((into[place] ??= []), { scope, expiresAt, rule, path, assignment: id })
  }
}

/** What assignments give together. */
export function rightsOf(held: readonly Assignment[], roles: ReadonlyMap<string, CompiledRole>): Rights {
  const everything: Entry[] = []
  const allows: (Entry[] | undefined)[] = []
  const denies: (Entry[] | undefined)[] = []
  const some = noBits()
  for (const assignment of held) {
    const role = roles.get(assignment.role)
    if (role === undefined) continue
    if (role.everything) {
      const { id, expiresAt, scope } = assignment
      join(some, role.allowed)
      keep(everything, { scope, expiresAt, rule: undefined, path: [role.role.id], assignment: id })
    }
    collect(allows, role.allows, assignment)
    collect(denies, role.denies, assignment)
  }
  for (const lists of [allows, denies]) lists.forEach((list, place) => list && add(some, place))
  return { some, everything, allows, denies }
}

interface Question {
  readonly capability: Capability
  readonly object: string | undefined
  readonly policyVersion: number
}

const answer = (question: Question, reason: Decision['reason'], entry: Entry | undefined): Decision => ({
  allow: reason === 'allowed' || reason === 'everything',
  capability: question.capability,
  object: question.object,
  reason,
  rule: entry?.rule,
  path: entry?.path ?? [],
  assignment: entry?.assignment,
  policyVersion: question.policyVersion,
})

/** Explicit deny before allow before the default, which is deny. */
export function decide(rights: Rights | undefined, question: Question, now: number): Decision {
  const place = placeOf(question.capability)
  if (rights === undefined || place === undefined || !has(rights.some, place)) {
    return answer(question, 'no rule', undefined)
  }
  const { object } = question
  const denies = rights.denies[place] ?? none
  if (object !== undefined) {
    for (const deny of denies)
      if (alive(deny, now) && reaches(deny.scope, object)) return answer(question, 'denied', deny)
  }
  let last: Decision['reason'] = 'no rule'
  let hit: Entry | undefined
  for (const list of [rights.everything, rights.allows[place] ?? none]) {
    for (const allow of list) {
      if (!alive(allow, now)) continue
      const against = object === undefined ? blocking(allow, denies, now) : undefined
      if (against !== undefined) [last, hit] = ['denied', against]
      else if (object === undefined || reaches(allow.scope, object))
        return answer(question, allow.rule === undefined ? 'everything' : 'allowed', allow)
      else if (last === 'no rule') last = 'not in scope'
    }
  }
  return answer(question, last, hit)
}

/** The deny that takes all that an entry allows; one alone must, since no few prefixes make up a longer one. */
const blocking = (allow: Entry, denies: readonly Entry[], now: number): Entry | undefined =>
  denies.find((deny) => alive(deny, now) && covers(deny.scope, allow.scope))

/** Whether the user holds a capability on the whole of a scope: what granting it there takes. */
export function holdsAll(rights: Rights | undefined, capability: Capability, scope: Scope, now: number): boolean {
  const place = placeOf(capability)
  if (rights === undefined || place === undefined) return false
  if (rights.denies[place]?.some((deny) => alive(deny, now) && intersect(deny.scope, scope) !== undefined)) return false
  return [rights.everything, rights.allows[place] ?? none].some((list) =>
    list.some((allow) => alive(allow, now) && covers(allow.scope, scope)),
  )
}
