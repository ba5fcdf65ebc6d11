import { createSignal, Show } from 'solid-js'
import type { AccountView } from '../../../src/features/account/contract.ts'
import { createActing } from '../ui/acting.ts'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { Confirmation } from './account.ts'
import { useAccount } from './context.ts'
import { request } from './request.ts'
import { waitText } from './wait-text.ts'

/** Asks for the password whenever an action needs it; the action then goes on by itself. */
export function ConfirmDialog() {
  const account = useAccount()
  return <Show when={account.confirmation()}>{(confirmation) => <Ask confirmation={confirmation()} />}</Show>
}

function Ask(props: { readonly confirmation: Confirmation }) {
  const account = useAccount()
  const [password, setPassword] = createSignal('')
  const acting = createActing()
  const confirm = async (): Promise<string | undefined> => {
    const body = { password: password() }
    const order = { method: 'POST', path: '/api/account/confirm', body, csrf: account.view()?.csrf } as const
    const sent = await request<AccountView>(order)
    setPassword('')
    if (sent.refusal === undefined) {
      account.accept(sent.value)
      props.confirmation.settle(true)
      return undefined
    }
    if (sent.refusal.code === 'UNAUTHENTICATED') account.ended()
    if (sent.refusal.code === 'WRONG_CREDENTIALS') return 'That is not your password.'
    return sent.refusal.message + waitText(sent.refusal.retryAfter)
  }
  return (
    <Dialog title="Confirm that it is you" onClose={() => props.confirmation.settle(false)}>
      <p>This changes who may do what, or cannot be undone. Give your password once more; then it goes on by itself.</p>
      <Form
        acting={acting}
        onSend={confirm}
        send="Confirm"
        disabled={password() === ''}
        onCancel={() => props.confirmation.settle(false)}
      >
        {/* For password managers: whose password it is. */}
        <input type="text" name="username" autocomplete="username" value={account.view()?.user.name ?? ''} hidden />
        <TextField
          label="Password"
          type="password"
          name="password"
          autocomplete="current-password"
          required
          first
          value={password()}
          onInput={setPassword}
        />
      </Form>
    </Dialog>
  )
}
