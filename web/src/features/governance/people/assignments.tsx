import { createSignal, Show } from 'solid-js'
import type { AssignmentCreate, GroupList, UserView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { Card } from '../../../ui/card.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { createFollowed } from '../follow.ts'
import { UserPicker } from '../user-picker.tsx'
import { AssignForm } from './assign-form.tsx'
import { AssignmentTable } from './assignment-table.tsx'

/** Every assignment, and the way to a new one. */
export function Assignments() {
  const account = useAccount()
  const groups = createFollowed<GroupList>(() => '/api/governance/groups', ['policy'])
  const [giving, setGiving] = createSignal(false)
  return (
    <Card
      title="Assignments"
      note="Nobody can give a role with as much trust as their own, or rights that they do not have."
      aside={
        <button type="button" class="button" disabled={!account.may('role:assign')} onClick={() => setGiving(true)}>
          Assign a role…
        </button>
      }
    >
      <AssignmentTable query={{}} />
      <Show when={giving()}>
        <Give groups={groups.value()?.groups ?? []} onClose={() => setGiving(false)} />
      </Show>
    </Card>
  )
}

function Give(props: { readonly groups: GroupList['groups']; readonly onClose: () => void }) {
  const [user, setUser] = createSignal<UserView>()
  const [group, setGroup] = createSignal('')
  const subject = (): AssignmentCreate['subject'] | undefined => {
    const id = group() === '' ? user()?.id : group()
    return id === undefined ? undefined : { kind: group() === '' ? 'user' : 'group', id }
  }
  const choices = () => [
    { value: '', label: 'no, to a user' },
    ...props.groups.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Dialog title="Assign a role" onClose={() => props.onClose()}>
      <Show when={props.groups.length > 0}>
        <SelectField label="To a group?" value={group()} onInput={setGroup} choices={choices()} />
      </Show>
      <Show when={group() === ''}>
        <UserPicker label="User" first onPick={setUser} />
      </Show>
      <AssignForm subject={subject()} onDone={props.onClose} />
    </Dialog>
  )
}
