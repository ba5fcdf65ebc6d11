import { createSignal, For, Show, type JSX } from 'solid-js'
import type { Sent } from '../account/request.ts'
import { createActing } from '../ui/acting.ts'
import { Dialog } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Secret } from '../ui/secret.tsx'
import { outcome } from './refusal-text.ts'

/** A token to be. */
export interface TokenFields {
  readonly name: string
  readonly scopes?: readonly string[]
  readonly expiresAt?: number
}

export interface TokenDialogProps {
  /** Capabilities that it may be narrowed to. */
  readonly choices: readonly string[]
  readonly make: (fields: TokenFields) => Promise<Sent<{ readonly secret: string }>>
  readonly onClose: () => void
  /** Fields before the others. */
  readonly children?: JSX.Element
}

const day = 86_400_000
const lives = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'for ever' },
]

/** Makes a token: its name, what it may do and how long; then the secret, once. */
export function TokenDialog(props: TokenDialogProps) {
  const [name, setName] = createSignal('')
  const [days, setDays] = createSignal('30')
  const [all, setAll] = createSignal(false)
  const [scopes, setScopes] = createSignal<readonly string[]>([])
  const [secret, setSecret] = createSignal<string>()
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    if (!all() && scopes().length === 0) return 'Choose at least one thing that it may do.'
    const fields: TokenFields = {
      name: name(),
      ...(!all() && { scopes: scopes() }),
      ...(days() !== '' && { expiresAt: Date.now() + Number(days()) * day }),
    }
    return outcome(await props.make(fields), (made) => setSecret(made.secret))
  }
  return (
    <Dialog title="New token" onClose={() => props.onClose()}>
      <Show
        when={secret()}
        fallback={
          <Form acting={acting} onSend={send} send="Make the token" onCancel={() => props.onClose()}>
            {props.children}
            <TextField
              label="Name"
              hint="What it is for."
              required
              first
              maxLength={100}
              value={name()}
              onInput={setName}
            />
            <SelectField label="Good for" value={days()} onInput={setDays} choices={lives} />
            <Scopes choices={props.choices} chosen={scopes()} onChange={setScopes} all={all()} onAll={setAll} />
          </Form>
        }
      >
        {(shown) => <Made secret={shown()} onClose={props.onClose} />}
      </Show>
    </Dialog>
  )
}

function Made(props: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <>
      <p>
        <strong>This is shown once.</strong> Keep it where the program finds it; send it as{' '}
        <code>Authorization: Bearer …</code>.
      </p>
      <Secret label="Token" value={props.secret} />
      <div class="form-buttons">
        <button type="button" class="button" onClick={() => props.onClose()}>
          Done
        </button>
      </div>
    </>
  )
}

interface ScopesProps {
  readonly choices: readonly string[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly all: boolean
  readonly onAll: (all: boolean) => void
}

function Scopes(props: ScopesProps) {
  const turn = (scope: string, on: boolean) =>
    props.onChange(on ? [...props.chosen, scope] : props.chosen.filter((each) => each !== scope))
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={props.all} onChange={(event) => props.onAll(event.currentTarget.checked)} />
        Whatever its owner may, now and later
      </label>
      <Show when={!props.all}>
        <fieldset class="checks">
          <legend>May do</legend>
          <For each={props.choices}>
            {(scope) => (
              <label class="check">
                <input
                  type="checkbox"
                  checked={props.chosen.includes(scope)}
                  onChange={(event) => turn(scope, event.currentTarget.checked)}
                />
                <code>{scope}</code>
              </label>
            )}
          </For>
        </fieldset>
      </Show>
    </>
  )
}
