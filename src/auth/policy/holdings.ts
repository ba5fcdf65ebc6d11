import type { Assignment, Policy } from './types.ts'

/** Assignments of each user, directly first, then by group; by the user's id. Expired ones too. */
export function holdings({ assignments, groups }: Policy): ReadonlyMap<string, readonly Assignment[]> {
  const byUser = new Map<string, Assignment[]>()
  const give = (userId: string, assignment: Assignment): void => {
    const held = byUser.get(userId)
    if (held === undefined) byUser.set(userId, [assignment])
    else held.push(assignment)
  }
  const members = new Map(groups.map((group) => [group.id, group.members]))
  for (const each of assignments) if (each.subject.kind === 'user') give(each.subject.id, each)
  for (const each of assignments) {
    if (each.subject.kind !== 'group') continue
    for (const member of members.get(each.subject.id) ?? []) give(member, each)
  }
  return byUser
}

/** From its `expiresAt` on, to the ms, an assignment counts no more. */
export const alive = ({ expiresAt }: Pick<Assignment, 'expiresAt'>, now: number): boolean =>
  expiresAt === undefined || now < expiresAt
