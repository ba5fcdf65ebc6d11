import { createMemo, createSignal } from 'solid-js'
import type { RoleTree } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { outcome } from '../../refusal-text.ts'

/** An id from a name: small letters, digits and hyphens, at most 63. */
export const idFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)

export interface CreateRoleProps {
  readonly tree: RoleTree
  readonly onDone: () => void
  readonly onClose: () => void
}

/** A new role: its rules are given afterwards. */
export function CreateRole(props: CreateRoleProps) {
  const account = useAccount()
  const [name, setName] = createSignal('')
  const [typed, setTyped] = createSignal<string>()
  const [parent, setParent] = createSignal('administrator')
  const [trust, setTrust] = createSignal('10')
  const acting = createActing()
  const id = createMemo(() => typed() ?? idFrom(name()))
  const send = async (): Promise<string | undefined> => {
    const body = {
      id: id(),
      name: name().trim(),
      description: '',
      trust: Number(trust()),
      rules: [],
      ...(parent() !== '' && { parent: parent() }),
    }
    return outcome(await account.send('POST', '/api/governance/roles', body), () => {
      props.onDone()
      props.onClose()
    })
  }
  const parents = () => [
    { value: '', label: 'nothing: a root' },
    ...props.tree.roles.map((role) => ({ value: role.id, label: `${role.name} (trust ${role.trust})` })),
  ]
  return (
    <Dialog title="New role" onClose={() => props.onClose()}>
      <Form acting={acting} onSend={send} send="Create" onCancel={() => props.onClose()}>
        <TextField label="Name" required first maxLength={100} value={name()} onInput={setName} />
        <TextField
          label="Id"
          hint="Small letters, digits and hyphens; it stays as it is."
          required
          maxLength={63}
          value={id()}
          onInput={setTyped}
        />
        <SelectField label="Below" value={parent()} onInput={setParent} choices={parents()} />
        <TextField
          label="Trust"
          hint="0 to 100. Nobody can grant a role with as much trust as their own, or more."
          type="number"
          min="0"
          max="100"
          required
          value={trust()}
          onInput={setTrust}
        />
      </Form>
    </Dialog>
  )
}
