import { createEffect, createMemo, on, Show } from 'solid-js'
import { useAccount } from '../account/context.ts'
import { useRealtime } from '../realtime/context.ts'
import type { Live } from '../realtime/types.ts'
import { StateBanner } from '../ui/state-banner.tsx'
import { pageState } from './page-state.ts'
import { WhyNot } from './why-not.tsx'

/** Why a page that lives off a topic shows nothing, or nothing current. */
export function PageBanner(props: { readonly live: Live<unknown>; readonly capability: string }) {
  const realtime = useRealtime()
  const shown = createMemo(() => {
    const { ts, stale, denied, unavailable, value } = props.live
    const topic = { ts, stale, denied, unavailable, known: value !== undefined }
    return pageState(topic, realtime.connection(), props.capability, realtime.now())
  })
  const state = createMemo(() => shown()?.state)
  const account = useAccount()
  // Taken away while the page was open: whatever else the account may do has changed as well.
  createEffect(
    on(state, (now) => {
      if (now === 'no-permission' && account.view() !== undefined) void account.reload()
    }),
  )
  return (
    <Show when={state()}>
      {(kind) => (
        <StateBanner state={kind()} title={shown()?.title ?? ''}>
          {shown()?.text}
          <Show when={kind() === 'no-permission'}>
            <WhyNot capability={props.capability} />
          </Show>
        </StateBanner>
      )}
    </Show>
  )
}
