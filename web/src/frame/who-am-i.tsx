import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { useAccount } from '../account/context.ts'
import { useRealtime } from '../realtime/context.ts'

/** Who is signed in, the way to their account, and out. Without accounts it is the one that is built in. */
export function WhoAmI() {
  const account = useAccount()
  const { connection, retry } = useRealtime()
  const name = () => account.view()?.user.name ?? connection().principal ?? 'local'
  const signOut = async (): Promise<void> => {
    const { refusal } = await account.send('POST', '/api/account/sign-out')
    if (refusal !== undefined && refusal.status !== 401) return
    account.ended()
    retry()
  }
  return (
    <span class="frame-who">
      <span class="visually-hidden">Signed in as </span>
      <Show when={account.view()?.proof === 'session'} fallback={name()}>
        <A href="/settings/account" title="Your account">
          {name()}
        </A>{' '}
        <button type="button" class="button-quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </Show>
    </span>
  )
}
