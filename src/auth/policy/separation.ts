import { alive } from './holdings.ts'
import type { PolicyIndex } from './compile.ts'
import type { Separation } from './types.ts'

/** What somebody did to an object, as far as separations care. */
export interface Act {
  /** Id of the user, also where a token or a session did it. */
  readonly actor: string
  readonly capability: string
}

/**
 * Whether one person used more of a dynamic separation's capabilities on one object than they may. `acts` are all that
 * were done to that object, the one about to be done included.
 */
export function violates({ kind, members, max }: Separation, acts: readonly Act[]): boolean {
  if (kind !== 'dynamic') return false
  const used = new Map<string, Set<string>>()
  for (const { actor, capability } of acts) {
    if (!members.includes(capability)) continue
    const mine = used.get(actor) ?? new Set()
    used.set(actor, mine.add(capability))
  }
  return [...used.values()].some(({ size }) => size > max)
}

/**
 * Of a static separation's roles, those a user holds now or will, by themselves or by any group, whatever the scope. A
 * role counts also when it comes with a more senior one, as in NIST's hierarchical RBAC: else a senior role would be
 * the way around every separation. A role that holds everything inherits nothing by this count.
 */
export function heldTogether(index: PolicyIndex, userId: string, { members }: Separation, now: number): string[] {
  const roles = new Set<string>()
  for (const each of index.held(userId)) {
    const role = index.roles.get(each.role)
    if (role === undefined || !alive(each, now)) continue
    for (const id of role.everything ? [each.role] : role.reach) roles.add(id)
  }
  return members.filter((id) => roles.has(id))
}
