import { useLocation, useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { AccountView } from '../../../../src/features/account/contract.ts'
import { useAccount } from '../../account/context.ts'
import { request } from '../../account/request.ts'
import { tokenOf } from '../../account/return-path.ts'
import { waitText } from '../../account/wait-text.ts'
import { useRealtime } from '../../realtime/context.ts'
import { createActing } from '../../ui/acting.ts'
import { AreaField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { StateBanner } from '../../ui/state-banner.tsx'
import './account.css'

/** Takes the secret out of the address at once: what is there is seen by others, and kept in the history. */
function takeToken(): string | undefined {
  const token = tokenOf(location.hash)
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

/** What a one-time link opens: the first owner, or somebody who was invited, chooses a password. */
export function Page() {
  const [token, setToken] = createSignal(takeToken())
  const first = useLocation().pathname === '/setup'
  return (
    <section class="entry" aria-labelledby="setup-title">
      <h1 id="setup-title">{first ? 'Set up Aura' : 'Welcome to Aura'}</h1>
      <p>
        {first
          ? 'Whoever has this link becomes the owner, who holds every right. Afterwards others can be invited.'
          : 'You were invited. Choose a password; your name is known already.'}
      </p>
      <Show when={token()} fallback={<NoToken first={first} onToken={setToken} />}>
        {(known) => <SetupForm first={first} token={known()} />}
      </Show>
    </section>
  )
}

function NoToken(props: { readonly first: boolean; readonly onToken: (token: string) => void }) {
  const [link, setLink] = createSignal('')
  const acting = createActing()
  const take = async (): Promise<string | undefined> => {
    const text = link().trim()
    const token = text.includes('#') ? tokenOf(text.slice(text.indexOf('#'))) : text
    if (token === undefined || token === '') return 'There is no secret in this.'
    props.onToken(token)
    return undefined
  }
  return (
    <>
      <StateBanner state="empty" title="The link has no secret in it">
        {props.first
          ? 'Open the whole link that Aura printed when it started, or paste it here.'
          : 'Open the whole link that you were given, or paste it here.'}
      </StateBanner>
      <Form acting={acting} onSend={take} send="Go on">
        <AreaField label="Link" value={link()} onInput={setLink} required rows={2} />
      </Form>
    </>
  )
}

function SetupForm(props: { readonly first: boolean; readonly token: string }) {
  const account = useAccount()
  const realtime = useRealtime()
  const navigate = useNavigate()
  const [login, setLogin] = createSignal('')
  const [name, setName] = createSignal('')
  const [password, setPassword] = createSignal('')
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    const who = props.first ? { login: login().trim(), name: name().trim() || login().trim() } : {}
    const body = { token: props.token, password: password(), ...who }
    const sent = await request<AccountView>({ method: 'POST', path: '/api/account/setup', body })
    if (sent.refusal !== undefined) {
      return sent.refusal.message + waitText(sent.refusal.retryAfter)
    }
    account.accept(sent.value)
    realtime.retry()
    navigate('/', { replace: true })
    return undefined
  }
  return (
    <Form acting={acting} onSend={send} send={props.first ? 'Become the owner' : 'Set the password'}>
      <Show when={props.first}>
        <TextField
          label="User name"
          hint="What you type in to sign in."
          name="username"
          autocomplete="username"
          required
          maxLength={100}
          value={login()}
          onInput={setLogin}
        />
        <TextField
          label="Display name"
          hint="What others see."
          name="name"
          autocomplete="name"
          maxLength={200}
          value={name()}
          onInput={setName}
        />
      </Show>
      <TextField
        label="Password"
        hint="At least 12 characters unless configured otherwise. Long counts, odd signs do not."
        type="password"
        name="new-password"
        autocomplete="new-password"
        required
        value={password()}
        onInput={setPassword}
      />
    </Form>
  )
}
