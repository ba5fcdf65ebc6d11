import { createSignal, For } from 'solid-js'
import type { CapabilityList, RoleTree } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { outcome } from '../../refusal-text.ts'

export interface CreateSeparationProps {
  readonly tree: RoleTree
  readonly list: CapabilityList | undefined
  readonly onDone: () => void
  readonly onClose: () => void
}

const kinds = [
  { value: 'static', label: 'roles that one person may not hold together' },
  { value: 'dynamic', label: 'capabilities that one person may not use on one object' },
]

/** A new separation of duty. */
export function CreateSeparation(props: CreateSeparationProps) {
  const account = useAccount()
  const [name, setName] = createSignal('')
  const [kind, setKind] = createSignal('static')
  const [members, setMembers] = createSignal<readonly string[]>([])
  const acting = createActing()
  const choices = () =>
    kind() === 'static'
      ? props.tree.roles.map(({ id, name: label }) => ({ id, label }))
      : (props.list?.capabilities ?? []).map(({ key }) => ({ id: key, label: key }))
  const turn = (id: string, on: boolean) =>
    setMembers((before) => (on ? [...before, id] : before.filter((each) => each !== id)))
  const send = async (): Promise<string | undefined> => {
    if (members().length < 2) return 'Choose at least two.'
    const body = { name: name(), kind: kind(), members: members(), max: 1 }
    return outcome(await account.send('POST', '/api/governance/separations', body), () => {
      props.onDone()
      props.onClose()
    })
  }
  return (
    <Dialog title="New separation of duty" onClose={() => props.onClose()}>
      <Form acting={acting} onSend={send} send="Create" onCancel={() => props.onClose()}>
        <TextField label="Name" required first maxLength={100} value={name()} onInput={setName} />
        <SelectField
          label="Kind"
          value={kind()}
          choices={kinds}
          onInput={(next) => {
            setKind(next)
            setMembers([])
          }}
        />
        <fieldset class="checks">
          <legend>At most one of</legend>
          <For each={choices()}>
            {({ id, label }) => (
              <label class="check">
                <input
                  type="checkbox"
                  checked={members().includes(id)}
                  onChange={(event) => turn(id, event.currentTarget.checked)}
                />
                {label}
              </label>
            )}
          </For>
        </fieldset>
      </Form>
    </Dialog>
  )
}
