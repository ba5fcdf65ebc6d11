import type { RoleView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { outcome } from '../../refusal-text.ts'

export interface DeleteRoleProps {
  readonly role: RoleView
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Asks before a role goes. */
export function DeleteRole(props: DeleteRoleProps) {
  const account = useAccount()
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    const { id, version } = props.role
    return outcome(await account.send('DELETE', `/api/governance/roles/${id}?version=${version}`), () => {
      props.onDone()
      props.onClose()
    })
  }
  return (
    <Dialog title={`Delete ${props.role.name}?`} onClose={() => props.onClose()}>
      <p>
        {props.role.holders === 0
          ? 'Nobody holds it. Its rules go with it.'
          : `${props.role.holders} hold it. Take it away from them first; while it is held it cannot be deleted.`}
      </p>
      <Form acting={acting} onSend={send} send="Delete the role" danger onCancel={() => props.onClose()} />
    </Dialog>
  )
}
