import { ordered } from './bits.ts'
import type { PolicyIndex } from './compile.ts'
import type { Entry, Rights } from './decide.ts'
import { alive } from './holdings.ts'
import type { CompiledRole, Reached } from './roles.ts'
import { covers, intersect } from './scope.ts'
import type { Capability } from '../capabilities.ts'
import type { Scope } from './types.ts'

/** A right on the whole of a scope. */
export interface Gain {
  readonly capability: Capability
  readonly scope: Scope
}

type Scoped = Pick<Reached, 'rule' | 'place'>

const missing = (from: readonly Scoped[], of: readonly Scoped[]): Gain[] =>
  of
    .filter(({ place, rule }) => !from.some((other) => other.place === place && covers(other.rule.scope, rule.scope)))
    .map(({ rule: { capability, scope } }) => ({ capability, scope }))

/** What holders of a role get by a change of it or of its juniors: more allowed, or less denied. */
export function roleGains(before: CompiledRole | undefined, after: CompiledRole): Gain[] {
  if (before === undefined) return missing([], after.allows)
  const allowed = before.everything ? [] : missing(before.allows, after.allows)
  return [...allowed, ...missing(after.denies, before.denies)]
}

const living = (entries: readonly Entry[] | undefined, now: number): readonly Entry[] =>
  entries?.filter((entry) => alive(entry, now)) ?? []

const covered = (by: readonly Entry[], { scope }: Entry): boolean => by.some((entry) => covers(entry.scope, scope))

/** A capability of which a user would have more at that time than without the change; undefined if there is none. */
function gainAt(before: Rights | undefined, after: Rights | undefined, now: number): Capability | undefined {
  if (after === undefined) return undefined
  const had = living(before?.everything, now)
  const has = living(after.everything, now)
  return ordered.find((_, place) => {
    const allowedBefore = [...had, ...living(before?.allows[place], now)]
    const allowed = [...has, ...living(after.allows[place], now)]
    if (allowed.some((entry) => !covered(allowedBefore, entry))) return true
    const denied = living(after.denies[place], now)
    const lifted = living(before?.denies[place], now).filter((entry) => !covered(denied, entry))
    return lifted.some(({ scope }) => allowed.some((entry) => intersect(entry.scope, scope) !== undefined))
  })
}

/**
 * What a user would gain by a change, now or at any later time: roles that expire would else be made permanent by
 * their holder. A line for people; undefined if nothing.
 */
export function userGain(before: PolicyIndex, after: PolicyIndex, userId: string, now: number): string | undefined {
  const ends = [...before.held(userId), ...after.held(userId)].flatMap(({ expiresAt }) => expiresAt ?? [])
  for (const at of [now, ...ends.filter((end) => end > now), Number.POSITIVE_INFINITY]) {
    if (after.trustOf(userId, at) > before.trustOf(userId, at)) return 'trust'
    const capability = gainAt(before.rights(userId), after.rights(userId), at)
    if (capability !== undefined) return capability
  }
  return undefined
}
