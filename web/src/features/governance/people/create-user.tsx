import { createSignal, Show } from 'solid-js'
import type { Invited } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { ago } from '../../../ui/format.ts'
import { Secret } from '../../../ui/secret.tsx'
import { outcome } from '../../refusal-text.ts'

/** A link that lets its user choose a password; shown once. */
export function InvitationLink(props: { readonly invited: Invited }) {
  const { now } = useRealtime()
  const link = () => new URL(props.invited.invitation.url, location.origin).href
  return (
    <>
      <p>
        <strong>This link is shown once.</strong> Give it to {props.invited.user.name} in a way that nobody else reads.
        It is good for one use, and ends {ago(props.invited.invitation.expiresAt, now())}.
      </p>
      <Secret label="Invitation link" value={link()} />
    </>
  )
}

/** A new user, and the link for them. */
export function CreateUser(props: { readonly onClose: () => void; readonly onDone: () => void }) {
  const account = useAccount()
  const [login, setLogin] = createSignal('')
  const [name, setName] = createSignal('')
  const [email, setEmail] = createSignal('')
  const [invited, setInvited] = createSignal<Invited>()
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    const body = {
      login: login().trim(),
      name: name().trim() || login().trim(),
      ...(email().trim() !== '' && { email: email().trim() }),
    }
    return outcome(await account.send<Invited>('POST', '/api/governance/users', body), (made) => {
      setInvited(made)
      props.onDone()
    })
  }
  return (
    <Dialog title="Invite somebody" onClose={() => props.onClose()}>
      <Show
        when={invited()}
        fallback={
          <Form acting={acting} onSend={send} send="Create the user" onCancel={() => props.onClose()}>
            <TextField
              label="User name"
              hint="What they type in to sign in."
              required
              first
              maxLength={100}
              value={login()}
              onInput={setLogin}
            />
            <TextField label="Display name" maxLength={200} value={name()} onInput={setName} />
            <TextField label="Mail address" type="email" maxLength={320} value={email()} onInput={setEmail} />
          </Form>
        }
      >
        {(made) => (
          <>
            <InvitationLink invited={made()} />
            <p>They hold no role yet: give them one below, under Assignments.</p>
            <div class="form-buttons">
              <button type="button" class="button" onClick={() => props.onClose()}>
                Done
              </button>
            </div>
          </>
        )}
      </Show>
    </Dialog>
  )
}
