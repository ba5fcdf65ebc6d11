import { createSignal, Show } from 'solid-js'
import type { AccountView } from '../../../../src/features/account/contract.ts'
import { useAccount } from '../../account/context.ts'
import { createActing } from '../../ui/acting.ts'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { refusalText } from '../refusal-text.ts'

/** Another password; every other session ends with it. */
export function PasswordCard() {
  const account = useAccount()
  const [current, setCurrent] = createSignal('')
  const [next, setNext] = createSignal('')
  const [done, setDone] = createSignal(false)
  const acting = createActing()
  const change = async (): Promise<string | undefined> => {
    setDone(false)
    const sent = await account.send<AccountView>('PUT', '/api/account/password', { current: current(), next: next() })
    if (sent.refusal?.code === 'WRONG_CREDENTIALS') return 'That is not your present password.'
    if (sent.refusal !== undefined) return refusalText(sent.refusal)
    account.accept(sent.value)
    setCurrent('')
    setNext('')
    setDone(true)
    return undefined
  }
  return (
    <Card title="Password" note="Changing it ends every other session of yours. Tokens stay.">
      <div class="account-narrow">
        <Form acting={acting} onSend={change} send="Change the password">
          <input type="text" name="username" autocomplete="username" value={account.view()?.user.name ?? ''} hidden />
          <TextField
            label="Present password"
            type="password"
            name="current-password"
            autocomplete="current-password"
            required
            value={current()}
            onInput={setCurrent}
          />
          <TextField
            label="New password"
            type="password"
            name="new-password"
            autocomplete="new-password"
            required
            value={next()}
            onInput={setNext}
          />
        </Form>
        <p role="status">
          <Show when={done()}>The password was changed.</Show>
        </p>
      </div>
    </Card>
  )
}
