import { useLocation, useNavigate, useSearchParams } from '@solidjs/router'
import { createEffect, createResource, createSignal, For, onCleanup, Show } from 'solid-js'
import type { AccountMethods, AccountView } from '../../../../src/features/account/contract.ts'
import { useAccount } from '../../account/context.ts'
import { request } from '../../account/request.ts'
import { returnPath } from '../../account/return-path.ts'
import { waitText } from '../../account/wait-text.ts'
import { useRealtime } from '../../realtime/context.ts'
import { createActing } from '../../ui/acting.ts'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { StateBanner } from '../../ui/state-banner.tsx'
import './account.css'

/** How one can sign in; undefined where the server does not say. */
async function loadMethods(): Promise<AccountMethods | undefined> {
  const sent = await request<AccountMethods>({ method: 'GET', path: '/api/account/methods' })
  return sent.refusal === undefined ? sent.value : undefined
}

/** Where one comes in; afterwards back to where one was. */
export function Page() {
  const account = useAccount()
  const realtime = useRealtime()
  const navigate = useNavigate()
  const location = useLocation()
  const [query] = useSearchParams()
  const [methods] = createResource(loadMethods)
  const to = (): string =>
    location.pathname === '/sign-in' ? returnPath([query['to']].flat()[0]) : location.pathname + location.search
  const entered = (view: AccountView): void => {
    account.accept(view)
    realtime.retry()
    navigate(to(), { replace: true })
  }
  const away = () => methods()?.methods.filter(({ url }) => url !== undefined) ?? []
  return (
    <section class="entry" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <Show when={methods()?.setup}>
        <StateBanner state="empty" title="This Aura has no owner yet">
          Open the link that Aura printed when it started. It is good for one use; each start prints another.
        </StateBanner>
      </Show>
      <PasswordForm onEntered={entered} />
      <For each={away()}>
        {(method) => (
          <a class="button entry-other" href={`${method.url}?to=${encodeURIComponent(to())}`} rel="external">
            Sign in with {method.name}
          </a>
        )}
      </For>
    </section>
  )
}

/** Seconds that are left of a wait, counting down. */
function createWait() {
  const [left, setLeft] = createSignal(0)
  createEffect(() => {
    if (left() <= 0) return
    const timer = setTimeout(() => setLeft((seconds) => seconds - 1), 1000)
    onCleanup(() => clearTimeout(timer))
  })
  return { left, wait: (seconds: number | undefined) => setLeft(Math.ceil(seconds ?? 0)) }
}

function PasswordForm(props: { readonly onEntered: (view: AccountView) => void }) {
  const [login, setLogin] = createSignal('')
  const [password, setPassword] = createSignal('')
  const { left, wait } = createWait()
  const acting = createActing()
  const signIn = async (): Promise<string | undefined> => {
    const body = { login: login(), password: password() }
    const sent = await request<AccountView>({ method: 'POST', path: '/api/account/sign-in', body })
    if (sent.refusal === undefined) {
      props.onEntered(sent.value)
      return undefined
    }
    setPassword('')
    wait(sent.refusal.retryAfter)
    return sent.refusal.message
  }
  return (
    <Form acting={acting} onSend={signIn} send="Sign in" disabled={left() > 0}>
      <TextField
        label="User name"
        name="username"
        autocomplete="username"
        required
        value={login()}
        onInput={setLogin}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autocomplete="current-password"
        required
        value={password()}
        onInput={setPassword}
      />
      <Show when={left() > 0}>
        <p role="timer">{waitText(left()).trim()}</p>
      </Show>
    </Form>
  )
}
