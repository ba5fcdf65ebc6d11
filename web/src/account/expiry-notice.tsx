import { useLocation } from '@solidjs/router'
import { createMemo, Show } from 'solid-js'
import { useRealtime } from '../realtime/context.ts'
import { duration } from '../ui/format.ts'
import { StateBanner } from '../ui/state-banner.tsx'
import { useAccount } from './context.ts'
import { endingSoon } from './expiry.ts'
import { signInPath } from './return-path.ts'

/** Warns before the session ends, and when it has looks whether it is really over. */
export function ExpiryNotice() {
  const account = useAccount()
  const { now } = useRealtime()
  const location = useLocation()
  const ending = createMemo(() =>
    endingSoon(account.view(), { readAt: account.readAt(), contact: account.contact(), now: now() }),
  )
  const left = () => {
    const at = ending()?.at ?? 0
    if (at <= now()) void account.reload()
    return duration(Math.max(1, Math.round((at - now()) / 1000)))
  }
  return (
    <Show when={ending()}>
      {(soon) => (
        <StateBanner
          state="stale"
          title={`You will be signed out in ${left()}`}
          action={soon().idle ? { label: 'Stay signed in', run: () => void account.reload() } : undefined}
        >
          <Show
            when={!soon().idle}
            fallback="Nothing was done for a while. What is not saved would have to be typed again."
          >
            A session does not last longer, however much it is used. Finish what you are at, then{' '}
            <a href={signInPath(location.pathname + location.search)}>sign in again</a>.
          </Show>
        </StateBanner>
      )}
    </Show>
  )
}
