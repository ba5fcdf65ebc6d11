import { isDeepStrictEqual } from 'node:util'
import type { Change } from './diff.ts'
import type { KnownUser } from './plan.ts'
import type { Assignment, Group, Role, Rule } from './types.ts'

/** Names for ids, for people. */
export interface Names {
  user(id: string): string
  group(id: string): string
}

export const namesOf = (users: readonly KnownUser[], groups: readonly Group[]): Names => ({
  user: (id) => users.find((each) => each.id === id)?.login ?? `id:${id}`,
  group: (id) => groups.find((each) => each.id === id)?.name ?? id,
})

export const ruleText = ({ capability, scope }: Rule): string =>
  scope === '*' ? capability : `${capability} on ${scope}`

const until = (at: number | undefined): string => (at === undefined ? '' : ` until ${new Date(at).toISOString()}`)

/** `role operator for user ann, on model:*, until …`. */
export const assignmentText = ({ subject, role, scope, expiresAt }: Assignment, names: Names): string =>
  `role ${role} for ${subject.kind} ${names[subject.kind](subject.id)}${scope === '*' ? '' : ` on ${scope}`}${until(expiresAt)}`

const signs = { create: '+', update: '~', delete: '-' } as const

const rule =
  (sign: string) =>
  (each: Rule): string =>
    `${sign} ${each.effect} ${ruleText(each)}`
const missing = (from: readonly Rule[], of: readonly Rule[]): Rule[] =>
  of.filter((each) => !from.some((other) => isDeepStrictEqual(each, other)))

function roleDetails(before: Role | undefined, after: Role): string[] {
  const fields = (['name', 'description', 'parent', 'trust'] as const).flatMap((key) =>
    before?.[key] === after[key]
      ? []
      : [`${key}: ${before === undefined ? '' : `${before[key] ?? 'none'} -> `}${after[key] ?? 'none'}`],
  )
  const old = before?.rules ?? []
  return [...fields, ...missing(after.rules, old).map(rule('-')), ...missing(old, after.rules).map(rule('+'))]
}

/** A change as lines for people: what, and below it, indented, what of it. */
export function changeText(change: Change, names: Names): string[] {
  const sign = signs[change.op]
  if (change.kind === 'assignment') {
    const each = change.after ?? change.before
    return each === undefined ? [] : [`${sign} ${assignmentText(each, names)}`]
  }
  if (change.kind === 'role') {
    const details = change.after === undefined ? [] : roleDetails(change.before, change.after)
    return [`${sign} role ${change.id}`, ...details.map((line) => `    ${line}`)]
  }
  if (change.kind === 'group') {
    const [old, fresh] = [change.before?.members ?? [], change.after?.members ?? []]
    const come = fresh.filter((id) => !old.includes(id)).map((id) => `    + ${names.user(id)}`)
    const gone =
      change.after === undefined ? [] : old.filter((id) => !fresh.includes(id)).map((id) => `    - ${names.user(id)}`)
    return [`${sign} group ${(change.after ?? change.before)?.name}`, ...come, ...gone]
  }
  const set = change.after ?? change.before
  return [`${sign} separation ${set?.name}: at most ${set?.max} of ${set?.members.join(', ')} (${set?.kind})`]
}
