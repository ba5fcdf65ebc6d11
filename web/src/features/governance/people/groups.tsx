import { createSignal, Show } from 'solid-js'
import type { GroupList, GroupView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Card } from '../../../ui/card.tsx'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { FormError } from '../../../ui/form.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { outcome } from '../../refusal-text.ts'
import { createFollowed } from '../follow.ts'
import { nameOf } from '../words.ts'
import { GroupDialog } from './group-dialog.tsx'

interface Acts {
  readonly names: () => Readonly<Record<string, string>> | undefined
  readonly locked: () => boolean
  readonly edit: (group: GroupView) => void
  readonly remove: (group: GroupView) => void
}

const columns = ({ names, locked, edit, remove }: Acts): readonly Column<GroupView>[] => [
  { id: 'name', header: 'Group', cell: (row) => row.name, sort: (row) => row.name },
  {
    id: 'members',
    header: 'Members',
    cell: (row) => row.members.map((id) => nameOf(names(), id)).join(', ') || 'nobody',
  },
  {
    id: 'acts',
    header: 'Change',
    cell: (row) => (
      <div class="governance-buttons">
        <button type="button" class="button" disabled={locked()} onClick={() => edit(row)}>
          Edit… <span class="visually-hidden">{row.name}</span>
        </button>
        <button type="button" class="button button-danger" disabled={locked()} onClick={() => remove(row)}>
          Delete <span class="visually-hidden">{row.name}</span>
        </button>
      </div>
    ),
  },
]

/** Groups of users, which can hold roles as one. */
export function Groups() {
  const account = useAccount()
  const loaded = createFollowed<GroupList>(() => '/api/governance/groups', ['policy', 'users'])
  const [editing, setEditing] = createSignal<GroupView | 'new'>()
  const acting = createActing()
  const locked = () => !account.may('role:assign')
  const remove = ({ id }: GroupView) =>
    void acting.run(async () => outcome(await account.send('DELETE', `/api/governance/groups/${id}`), loaded.reload))
  return (
    <Card
      title="Groups"
      note="A role given to a group is held by whoever is in it."
      aside={
        <button type="button" class="button" disabled={locked()} onClick={() => setEditing('new')}>
          New group…
        </button>
      }
    >
      <LoadBanner loaded={loaded} capability="role:read" what="the groups" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(known) => (
          <DataTable
            caption="All groups"
            captionHidden
            rows={known().groups}
            columns={columns({ names: () => loaded.value()?.names, locked, edit: setEditing, remove })}
            rowKey={({ id }) => id}
            empty="There is no group."
          />
        )}
      </Show>
      <Show when={editing()}>
        {(group) => (
          <GroupDialog
            group={group()}
            names={loaded.value()?.names ?? {}}
            onDone={loaded.reload}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Card>
  )
}
