import { add, allBits, type Bits, join, noBits, placeOf } from './bits.ts'
import type { Role, Rule } from './types.ts'

/** Roles from a root down to a leaf, both counted. */
export const maxDepth = 16

/** A rule as it reaches the holder of a role: where it is written, and the way down to there. */
export interface Reached {
  readonly rule: Rule & { readonly role: string }
  /** Bit of its capability. */
  readonly place: number
  readonly path: readonly string[]
}

/** A role with all that it inherits. Allows come up from its juniors; denies bind only those who hold the role itself. */
export interface CompiledRole {
  readonly role: Role
  /** It or a junior holds every capability. */
  readonly everything: boolean
  readonly allowed: Bits
  readonly denied: Bits
  /** Its own first, then those of its juniors, nearest first. */
  readonly allows: readonly Reached[]
  readonly denies: readonly Reached[]
  /** The role and all its juniors. */
  readonly reach: ReadonlySet<string>
}

/** Juniors of each role, by its id. */
export function juniors(roles: readonly Role[]): ReadonlyMap<string, readonly Role[]> {
  const map = new Map<string, Role[]>()
  for (const role of roles) {
    if (role.parent === undefined) continue
    const those = map.get(role.parent)
    if (those === undefined) map.set(role.parent, [role])
    else those.push(role)
  }
  return map
}

const reached = ({ id, rules }: Role, path: readonly string[], effect: Rule['effect']): Reached[] =>
  rules.flatMap((rule) => {
    const place = placeOf(rule.capability)
    // A capability of another version of Aura: nobody can ask for it here.
    return rule.effect !== effect || place === undefined ? [] : [{ rule: { ...rule, role: id }, place, path }]
  })

function compileRole(role: Role, below: ReadonlyMap<string, readonly Role[]>): CompiledRole {
  const reach = new Set([role.id])
  const allows: Reached[] = []
  let everything = false
  // Breadth first, so that the nearest rule explains. Even a cycle or a bottomless tree in the data ends.
  let level: { at: Role; path: readonly string[] }[] = [{ at: role, path: [role.id] }]
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: typeof level = []
    for (const { at, path } of level) {
      everything ||= at.everything
      allows.push(...reached(at, path, 'allow'))
      for (const junior of below.get(at.id) ?? []) {
        if (reach.has(junior.id)) continue
        reach.add(junior.id)
        next.push({ at: junior, path: [...path, junior.id] })
      }
    }
    level = next
  }
  const denies = reached(role, [role.id], 'deny')
  return { role, everything, allowed: bitsOf(allows, everything), denied: bitsOf(denies, false), allows, denies, reach }
}

function bitsOf(rules: readonly Reached[], everything: boolean): Bits {
  const bits = noBits()
  if (everything) join(bits, allBits())
  for (const { place } of rules) add(bits, place)
  return bits
}

/** Every role with what it inherits, by its id. */
export function compileRoles(roles: readonly Role[]): ReadonlyMap<string, CompiledRole> {
  const below = juniors(roles)
  return new Map(roles.map((role) => [role.id, compileRole(role, below)]))
}
