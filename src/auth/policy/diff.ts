import { isDeepStrictEqual } from 'node:util'
import type { Assignment, Group, Policy, Role, Separation } from './types.ts'

interface Kinds {
  readonly role: Role
  readonly group: Group
  readonly assignment: Assignment
  readonly separation: Separation
}

/** One thing that differs between two policies. `before` is absent for what is new, `after` for what is gone. */
export type Change = {
  [Kind in keyof Kinds]: {
    readonly op: 'create' | 'update' | 'delete'
    readonly kind: Kind
    readonly id: string
    readonly before: Kinds[Kind] | undefined
    readonly after: Kinds[Kind] | undefined
  }
}[keyof Kinds]

function differences<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]) {
  const [old, fresh] = [before, after].map((list) => new Map(list.map((each) => [each.id, each])))
  const found: { op: Change['op']; id: string; before: T | undefined; after: T | undefined }[] = []
  for (const each of before)
    if (!fresh?.has(each.id)) found.push({ op: 'delete', id: each.id, before: each, after: undefined })
  for (const each of after) {
    const was = old?.get(each.id)
    if (was === undefined) found.push({ op: 'create', id: each.id, before: undefined, after: each })
    else if (was !== each && !isDeepStrictEqual(was, each))
      found.push({ op: 'update', id: each.id, before: was, after: each })
  }
  return found
}

/** Distance of each role from its root; what runs in a circle ends after as many steps as there are roles. */
function depths(roles: readonly Role[]): ReadonlyMap<string, number> {
  const parents = new Map(roles.map(({ id, parent }) => [id, parent]))
  const depth = (id: string): number => {
    let steps = 0
    for (let at = parents.get(id); at !== undefined && steps <= roles.length; at = parents.get(at)) steps += 1
    return steps
  }
  return new Map(roles.map(({ id }) => [id, depth(id)]))
}

/**
 * What differs, in an order in which it can be done: nothing is ever given, named as a parent or held that is not there.
 */
export function diff(before: Policy, after: Policy): Change[] {
  const [deep, deepBefore] = [depths(after.roles), depths(before.roles)]
  const roles: Change[] = differences(before.roles, after.roles)
    .toSorted((a, b) =>
      a.op === 'delete' && b.op === 'delete'
        ? (deepBefore.get(b.id) ?? 0) - (deepBefore.get(a.id) ?? 0)
        : (deep.get(a.id) ?? 0) - (deep.get(b.id) ?? 0),
    )
    .map((each) => Object.assign(each, { kind: 'role' as const }))
  const groups: Change[] = differences(before.groups, after.groups).map((each) =>
    Object.assign(each, { kind: 'group' as const }),
  )
  const assignments: Change[] = differences(before.assignments, after.assignments).map((each) =>
    Object.assign(each, { kind: 'assignment' as const }),
  )
  const separations: Change[] = differences(before.separations, after.separations).map((each) =>
    Object.assign(each, { kind: 'separation' as const }),
  )
  const of = (list: readonly Change[], ...ops: Change['op'][]): Change[] =>
    ops.flatMap((op) => list.filter((c) => c.op === op))
  return [
    ...of(separations, 'delete'),
    ...of(assignments, 'delete'),
    ...of(groups, 'delete'),
    ...of(roles, 'create', 'update', 'delete'),
    ...of(groups, 'create', 'update'),
    ...of(assignments, 'create', 'update'),
    ...of(separations, 'create', 'update'),
  ]
}
