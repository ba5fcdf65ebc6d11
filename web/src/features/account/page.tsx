import { For, Show } from 'solid-js'
import { useAccount } from '../../account/context.ts'
import { useRealtime } from '../../realtime/context.ts'
import { Card } from '../../ui/card.tsx'
import { ago } from '../../ui/format.ts'
import { StateBanner } from '../../ui/state-banner.tsx'
import { PasswordCard } from './password.tsx'
import { SessionsCard } from './sessions.tsx'
import { TokensCard } from './tokens.tsx'
import './account.css'

/** One's own account: who one is, what one may do, where one is signed in, and one's programs. */
export function Page() {
  const account = useAccount()
  return (
    <div class="account">
      <h1>Your account</h1>
      <Show
        when={account.view()?.proof === 'session' || account.view()?.proof === 'proxy'}
        fallback={
          <StateBanner state="empty" title="There are no accounts here">
            Whoever sits at this machine may do everything: <code>auth.mode</code> is <code>none</code>.
          </StateBanner>
        }
      >
        <WhoCard />
        <SessionsCard />
        <TokensCard />
        <PasswordCard />
      </Show>
    </div>
  )
}

function WhoCard() {
  const account = useAccount()
  const { now } = useRealtime()
  const view = () => account.view()
  return (
    <Card title={view()?.user.name ?? ''} note="Signed in">
      <dl class="account-facts">
        <dt>Roles</dt>
        <dd>{view()?.roles.join(', ') || 'none'}</dd>
        <dt>Trust</dt>
        <dd>{view()?.trust}</dd>
        <dt>Session ends</dt>
        <dd>{ago(view()?.expiresAt, now())}</dd>
        <dt>May do</dt>
        <dd>
          <For each={view()?.capabilities} fallback="nothing yet: ask somebody for a role">
            {(capability, index) => (
              <>
                {index() > 0 ? ', ' : ''}
                <code>{capability}</code>
              </>
            )}
          </For>
        </dd>
      </dl>
    </Card>
  )
}
