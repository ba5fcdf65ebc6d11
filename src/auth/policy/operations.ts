import { randomUUID } from 'node:crypto'
import * as edits from './changes.ts'
import type { Change } from './diff.ts'
import { refused } from './errors.ts'
import type { Assignment, Policy } from './types.ts'
import type { PolicyOperations, PolicyStore } from './store-types.ts'

type After<Kind extends Change['kind']> = NonNullable<Extract<Change, { kind: Kind }>['after']>

/** What the one thing of a kind became; `otherwise` where the change made no difference. */
async function became<Kind extends Change['kind']>(
  kind: Kind,
  done: Promise<readonly Change[]>,
  otherwise: () => After<Kind> | undefined = () => undefined,
): Promise<After<Kind>> {
  const after = (await done).find((each) => each.kind === kind)?.after ?? otherwise()
  if (after === undefined) throw refused('NOT_FOUND', `that ${kind} is gone`)
  return after as After<Kind>
}

/** The edits there are, each as one call. */
export function operations(change: PolicyStore['change']): PolicyOperations {
  return {
    createRole: (caller, id, fields, within) => became('role', change(caller, edits.createRole(id, fields), within)),
    updateRole: (caller, id, fields, version, within) =>
      became('role', change(caller, edits.updateRole(id, fields, version), within)),
    async deleteRole(caller, id, version, within) {
      await change(caller, edits.deleteRole(id, version), within)
    },
    async assign(caller, fields, within) {
      const edit = edits.assign(randomUUID(), fields, caller.id)
      let made: Assignment | undefined
      const apply = (policy: Policy): Policy => {
        const after = edit.apply(policy)
        made = after.assignments.find((each) => edits.isSameGift(each, fields))
        return after
      }
      // What is given already is not given again, and keeps its id.
      return became('assignment', change(caller, { needs: (policy) => edit.needs(policy), apply }, within), () => made)
    },
    async unassign(caller, id, within) {
      await change(caller, edits.unassign(id), within)
    },
    createGroup: (caller, fields, within) =>
      became('group', change(caller, edits.createGroup({ ...fields, id: randomUUID() }), within)),
    updateGroup: (caller, group, within) =>
      became('group', change(caller, edits.updateGroup(group), within), () => group),
    async deleteGroup(caller, id, within) {
      await change(caller, edits.deleteGroup(id), within)
    },
    createSeparation: (caller, fields, within) =>
      became('separation', change(caller, edits.setSeparation({ ...fields, id: randomUUID() }), within)),
    updateSeparation: (caller, separation, within) =>
      became('separation', change(caller, edits.setSeparation(separation), within), () => separation),
    async deleteSeparation(caller, id, within) {
      await change(caller, edits.deleteSeparation(id), within)
    },
    async forgetUser(caller, userId, within) {
      await change(caller, edits.forgetUser(userId), within)
    },
  }
}
