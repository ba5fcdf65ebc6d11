import { createSignal, For } from 'solid-js'
import type { GroupView, UserView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { outcome } from '../../refusal-text.ts'
import { UserPicker } from '../user-picker.tsx'
import { nameOf } from '../words.ts'

export interface GroupDialogProps {
  readonly group: GroupView | 'new'
  readonly names: Readonly<Record<string, string>>
  readonly onDone: () => void
  readonly onClose: () => void
}

/** A group's name and members. */
export function GroupDialog(props: GroupDialogProps) {
  const account = useAccount()
  // oxlint-disable-next-line solid/reactivity
  const before = props.group === 'new' ? { name: '', members: [] } : props.group
  const [name, setName] = createSignal(before.name)
  const [members, setMembers] = createSignal<readonly string[]>(before.members)
  const [added, setAdded] = createSignal<Readonly<Record<string, string>>>({})
  const acting = createActing()
  const add = (user: UserView | undefined) => {
    if (user === undefined || members().includes(user.id)) return
    setAdded((known) => ({ ...known, [user.id]: user.name }))
    setMembers((known) => [...known, user.id])
  }
  const send = async (): Promise<string | undefined> => {
    const body = { name: name(), members: members() }
    const sent =
      props.group === 'new'
        ? await account.send('POST', '/api/governance/groups', body)
        : await account.send('PUT', `/api/governance/groups/${props.group.id}`, body)
    return outcome(sent, () => {
      props.onDone()
      props.onClose()
    })
  }
  return (
    <Dialog title={props.group === 'new' ? 'New group' : before.name} onClose={() => props.onClose()}>
      <Form acting={acting} onSend={send} send="Save" onCancel={() => props.onClose()}>
        <TextField label="Name" required first maxLength={100} value={name()} onInput={setName} />
        <UserPicker label="Add a member" onPick={add} />
        <ul class="people-members" aria-label="Members">
          <For each={members()} fallback={<li>Nobody yet.</li>}>
            {(id) => (
              <li>
                {nameOf({ ...props.names, ...added() }, id)}{' '}
                <button
                  type="button"
                  class="button-quiet"
                  aria-label={`Remove ${nameOf({ ...props.names, ...added() }, id)}`}
                  onClick={() => setMembers((known) => known.filter((each) => each !== id))}
                >
                  <span aria-hidden="true">✕</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Form>
    </Dialog>
  )
}
