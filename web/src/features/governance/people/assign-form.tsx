import { createSignal } from 'solid-js'
import type { AssignmentCreate, RoleTree } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { createLoaded } from '../../loaded.ts'
import { outcome } from '../../refusal-text.ts'
import { fromLocalInput, localInput } from '../../times.ts'

export interface AssignFormProps {
  /** Whom to give the role; undefined until chosen. */
  readonly subject: AssignmentCreate['subject'] | undefined
  readonly onDone: () => void
}

/** Gives a role, perhaps for a time and on some objects only. */
export function AssignForm(props: AssignFormProps) {
  const account = useAccount()
  const roles = createLoaded<RoleTree>(() => '/api/governance/roles')
  const [role, setRole] = createSignal('')
  const [scope, setScope] = createSignal('*')
  const [ends, setEnds] = createSignal('')
  const acting = createActing()
  const choices = () => [
    { value: '', label: 'choose one' },
    ...(roles.value()?.roles ?? []).map(({ id, name, trust }) => ({ value: id, label: `${name} (trust ${trust})` })),
  ]
  const send = async (): Promise<string | undefined> => {
    if (props.subject === undefined) return 'Choose whom to give it to.'
    if (role() === '') return 'Choose a role.'
    const expiresAt = fromLocalInput(ends())
    const body: AssignmentCreate = {
      subject: props.subject,
      role: role(),
      scope: scope().trim() || '*',
      ...(expiresAt !== undefined && { expiresAt }),
    }
    return outcome(await account.send('POST', '/api/governance/assignments', body), () => {
      setRole('')
      props.onDone()
    })
  }
  return (
    <Form acting={acting} onSend={send} send="Assign">
      <div class="form-row">
        <SelectField label="Role" value={role()} onInput={setRole} choices={choices()} />
        <TextField label="On" hint="* for everything." maxLength={200} value={scope()} onInput={setScope} />
        <TextField
          label="Until"
          hint="Empty: until it is taken away."
          type="datetime-local"
          min={localInput(Date.now())}
          value={ends()}
          onInput={setEnds}
        />
      </div>
    </Form>
  )
}
