import { isSameGift, type PolicyEdit } from './changes.ts'
import { type Change, diff } from './diff.ts'
import { refused } from './errors.ts'
import type { FileAssignment, RolesFile } from './file.ts'
import type { Assignment, Group, Policy, Role, Separation } from './types.ts'

/** A user as a file may name them. */
export interface KnownUser {
  readonly id: string
  /** Sign-in name. */
  readonly login: string | undefined
  readonly email: string | undefined
}

export interface Plan {
  /** The policy as the file wants it. */
  readonly after: Policy
  /** In an order in which they can be done. */
  readonly changes: readonly Change[]
  /** What people gave in the panel, and the file neither names nor removes. */
  readonly kept: readonly Assignment[]
  /** What the file names and is not there, with its line. */
  readonly errors: readonly string[]
}

type Find = (who: string, line: number) => string

function finder(users: readonly KnownUser[], errors: string[]): Find {
  const byName = new Map<string, string>()
  for (const { id, email } of users) if (email !== undefined) byName.set(email.toLowerCase(), id)
  for (const { id, login } of users) if (login !== undefined) byName.set(login.toLowerCase(), id)
  return (who, line) => {
    if (who.startsWith('id:') && who.length > 3) return who.slice(3)
    const id = byName.get(who.toLowerCase())
    if (id === undefined) errors.push(`line ${line}: there is no user ${JSON.stringify(who)}`)
    return id ?? ''
  }
}

/** Those of a file in the place of their namesakes; without `all`, the others stay. */
function merged<T, F>(
  old: readonly T[],
  listed: readonly F[] | undefined,
  all: boolean,
  how: { readonly is: (one: T, other: F) => boolean; readonly make: (each: F, was: T | undefined) => T },
): T[] {
  if (listed === undefined) return [...old]
  const kept = old.flatMap((one) => {
    const wanted = listed.find((each) => how.is(one, each))
    if (wanted === undefined) return all ? [] : [one]
    return [how.make(wanted, one)]
  })
  return [
    ...kept,
    ...listed.filter((each) => !old.some((one) => how.is(one, each))).map((each) => how.make(each, undefined)),
  ]
}

/** Allows and denies stand apart in a file, so the order of rules says nothing. */
const essence = ({ name, description, parent, trust, rules }: Role): string =>
  JSON.stringify([
    name,
    description,
    parent,
    trust,
    rules.map(({ capability, effect, scope }) => `${effect} ${capability} ${scope}`).toSorted(),
  ])

const sameRole = (a: Role, b: Role): boolean => essence(a) === essence(b)

function planRoles(before: readonly Role[], { roles, managed }: RolesFile): Role[] {
  const wanted = merged<Role, NonNullable<typeof roles>[number]>(before, roles, managed === 'all', {
    is: (one, each) => one.id === each.id,
    make({ id, name, description, parent, trust, rules }, was) {
      const fields = { id, name, description, parent, trust, rules, everything: false }
      const made = { ...fields, builtIn: was?.builtIn ?? false, version: (was?.version ?? 0) + 1 }
      return was !== undefined && sameRole(was, made) ? was : made
    },
  })
  // What Aura ships is changed by a file that names it, and never removed.
  const shipped = before.filter(({ builtIn, id }) => builtIn && !wanted.some((role) => role.id === id))
  return [...wanted, ...shipped]
}

const sameName = (a: { readonly name: string }, b: { readonly name: string }): boolean =>
  a.name.toLowerCase() === b.name.toLowerCase()

function planAssignments(
  before: Policy,
  groups: readonly Group[],
  file: RolesFile,
  find: Find,
  newId: () => string,
  errors: string[],
) {
  const { assignments: listed, managed } = file
  if (listed === undefined) return { assignments: [...before.assignments], kept: [] }
  const subject = ({ kind, who, line }: FileAssignment): Assignment['subject'] => {
    if (kind === 'user') return { kind, id: find(who, line) }
    const group = groups.find((each) => sameName(each, { name: who }))
    if (group === undefined) errors.push(`line ${line}: there is no group ${JSON.stringify(who)}`)
    return { kind, id: group?.id ?? '' }
  }
  const wanted = listed.map((each): Assignment => {
    const { role, scope, expiresAt } = each
    return { id: newId(), subject: subject(each), role, scope, expiresAt, grantedBy: 'file' }
  })
  const kept: Assignment[] = []
  const assignments = before.assignments.flatMap((old) => {
    const same = wanted.find((each) => isSameGift(each, old))
    if (same !== undefined) return [same.expiresAt === old.expiresAt ? old : { ...same, id: old.id }]
    if (managed === 'all' || old.grantedBy === 'file') return []
    kept.push(old)
    return [old]
  })
  const fresh = wanted.filter((each) => !before.assignments.some((old) => isSameGift(each, old)))
  return { assignments: [...assignments, ...fresh], kept }
}

/** What a file would make of a policy. Pure but for the ids of what is new. */
export function planRolesFile(before: Policy, file: RolesFile, users: readonly KnownUser[], newId: () => string): Plan {
  const errors: string[] = []
  const find = finder(users, errors)
  const all = file.managed === 'all'
  const groups = merged<Group, NonNullable<RolesFile['groups']>[number]>(before.groups, file.groups, all, {
    is: sameName,
    make: ({ name, members }, was) => ({
      id: was?.id ?? newId(),
      name,
      members: members.map(({ user, line }) => find(user, line)),
    }),
  })
  const separations = merged<Separation, NonNullable<RolesFile['separations']>[number]>(
    before.separations,
    file.separations,
    all,
    {
      is: sameName,
      make: ({ name, kind, members, max }, was) => ({ id: was?.id ?? newId(), name, kind, members, max }),
    },
  )
  const { assignments, kept } = planAssignments(before, groups, file, find, newId, errors)
  const here = new Set(groups.map(({ id }) => id))
  const after: Policy = {
    ...before,
    roles: planRoles(before.roles, file),
    groups,
    separations,
    // What was given to a group that goes, goes with it.
    assignments: assignments.filter(({ subject: { kind, id } }) => kind !== 'group' || here.has(id) || id === ''),
  }
  return { after, changes: errors.length > 0 ? [] : diff(before, after), kept, errors }
}

/** Applies a file in one change. `version`: of the policy that the plan was made for; another refuses it. */
export const applyRolesFile = (
  file: RolesFile,
  users: readonly KnownUser[],
  newId: () => string,
  version: number | undefined,
): PolicyEdit => ({
  needs: () => [
    { capability: 'role:edit', object: 'role:*' },
    { capability: 'role:assign', object: 'role:*' },
  ],
  apply(policy) {
    if (version !== undefined && version !== policy.version) {
      throw refused('VERSION_CONFLICT', 'the policy was changed meanwhile: look at the plan again', {
        version: policy.version,
      })
    }
    const { after, errors } = planRolesFile(policy, file, users, newId)
    if (errors.length > 0) throw refused('INVALID', errors.join('\n'))
    return after
  },
})
