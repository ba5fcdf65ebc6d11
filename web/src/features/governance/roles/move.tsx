import { createSignal } from 'solid-js'
import type { RoleTree, RoleView } from '../../../../../src/features/governance/contract.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { branchOf } from '../../../ui/tree-model.ts'
import type { SaveRole } from './editor.tsx'
import { fieldsOf } from './merge.ts'

/** Roles below which one may be moved: not itself or one below it, and none with less trust. */
export function placesFor(role: Pick<RoleView, 'id' | 'trust'>, roles: RoleTree['roles']): RoleTree['roles'] {
  const items = roles.map(({ id, parent, name }) => ({ id, parent, label: name }))
  const own = branchOf(items, role.id)
  return roles.filter(({ id, trust }) => !own.has(id) && trust >= role.trust)
}

export interface MoveRoleProps {
  readonly role: RoleView
  readonly tree: RoleTree
  readonly save: SaveRole
  readonly onClose: () => void
}

/** Puts a role below another: whoever holds that one may then do what this one may. */
export function MoveRole(props: MoveRoleProps) {
  // oxlint-disable-next-line solid/reactivity
  const [to, setTo] = createSignal(props.role.parent ?? '')
  const acting = createActing()
  const choices = () => [
    { value: '', label: 'nothing: a root' },
    ...placesFor(props.role, props.tree.roles).map(({ id, name, trust }) => ({
      value: id,
      label: `${name} (trust ${trust})`,
    })),
  ]
  const send = async (): Promise<string | undefined> => {
    const { parent: _, ...fields } = fieldsOf(props.role)
    const error = await props.save({ ...fields, ...(to() !== '' && { parent: to() }) }, props.role.version)
    if (error === undefined) props.onClose()
    return error
  }
  return (
    <Dialog title={`Move ${props.role.name} to…`} onClose={() => props.onClose()}>
      <Form
        acting={acting}
        onSend={send}
        send="Move"
        disabled={to() === (props.role.parent ?? '')}
        onCancel={() => props.onClose()}
      >
        <SelectField
          label="Below"
          hint="Whoever holds that role may then do what this one may. Roles with less trust are not offered."
          first
          value={to()}
          onInput={setTo}
          choices={choices()}
        />
      </Form>
    </Dialog>
  )
}
