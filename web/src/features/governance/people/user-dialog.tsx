import { createSignal, Show } from 'solid-js'
import type { Invited, UserView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Form, FormError } from '../../../ui/form.tsx'
import { ago } from '../../../ui/format.ts'
import { outcome } from '../../refusal-text.ts'
import { AssignForm } from './assign-form.tsx'
import { AssignmentTable } from './assignment-table.tsx'
import { InvitationLink } from './create-user.tsx'

export interface UserDialogProps {
  readonly user: UserView
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** One user: what they hold, and what can be done about them. */
export function UserDialog(props: UserDialogProps) {
  const account = useAccount()
  const { now } = useRealtime()
  const here = () => props.user.state !== 'erased'
  return (
    <Dialog title={props.user.name} onClose={() => props.onClose()} wide>
      <dl class="governance-facts">
        <dt>User name</dt>
        <dd>{props.user.login ?? '–'}</dd>
        <dt>State</dt>
        <dd>{props.user.state}</dd>
        <dt>Mail</dt>
        <dd>{props.user.email ?? '–'}</dd>
        <dt>Created</dt>
        <dd>{ago(props.user.createdAt, now())}</dd>
        <dt>Id</dt>
        <dd>
          <code>{props.user.id}</code>
        </dd>
      </dl>
      <h3>Roles</h3>
      <AssignmentTable query={{ user: props.user.id }} />
      <Show when={here() && account.may('role:assign')}>
        <AssignForm subject={{ kind: 'user', id: props.user.id }} onDone={props.onChanged} />
      </Show>
      <Show when={here() && account.may('user:edit')}>
        <h3>Account</h3>
        <Acts {...props} />
        <Erase {...props} />
      </Show>
    </Dialog>
  )
}

function Acts(props: UserDialogProps) {
  const account = useAccount()
  const [invited, setInvited] = createSignal<Invited>()
  const acting = createActing()
  const base = () => `/api/governance/users/${props.user.id}`
  const turn = () =>
    void acting.run(async () => {
      const act = props.user.state === 'locked' ? 'unlock' : 'lock'
      return outcome(await account.send('POST', `${base()}/${act}`), props.onChanged)
    })
  const invite = () =>
    void acting.run(async () => outcome(await account.send<Invited>('POST', `${base()}/invitation`), setInvited))
  return (
    <>
      <FormError acting={acting} />
      <div class="governance-buttons">
        <button type="button" class="button" disabled={acting.busy()} onClick={turn}>
          {props.user.state === 'locked' ? 'Unlock' : 'Lock'}
        </button>
        <button type="button" class="button" disabled={acting.busy()} onClick={invite}>
          New link to choose a password
        </button>
      </div>
      <p class="governance-quiet">Locking ends every session and token of theirs at once.</p>
      <Show when={invited()}>{(made) => <InvitationLink invited={made()} />}</Show>
    </>
  )
}

function Erase(props: UserDialogProps) {
  const account = useAccount()
  const [login, setLogin] = createSignal('')
  const acting = createActing()
  const erase = async (): Promise<string | undefined> => {
    const sent = await account.send('POST', `/api/governance/users/${props.user.id}/erase`, { login: login() })
    return outcome(sent, () => {
      props.onChanged()
      props.onClose()
    })
  }
  return (
    <Form acting={acting} onSend={erase} send="Erase for ever" danger disabled={login() !== props.user.login}>
      <TextField
        label="Erase"
        hint={`Name, address and everything that says who this is go; the audit log keeps the id. Type ${props.user.login ?? ''} to confirm.`}
        value={login()}
        onInput={setLogin}
      />
    </Form>
  )
}
