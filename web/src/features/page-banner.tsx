import { createMemo, Show } from 'solid-js'
import { useRealtime } from '../realtime/context.ts'
import type { Live } from '../realtime/types.ts'
import { StateBanner } from '../ui/state-banner.tsx'
import { pageState } from './page-state.ts'

/** Why a page that lives off a topic shows nothing, or nothing current. */
export function PageBanner(props: { readonly live: Live<unknown>; readonly capability: string }) {
  const realtime = useRealtime()
  const shown = createMemo(() => {
    const { ts, stale, denied, unavailable, value } = props.live
    const topic = { ts, stale, denied, unavailable, known: value !== undefined }
    return pageState(topic, realtime.connection(), props.capability, realtime.now())
  })
  const state = createMemo(() => shown()?.state)
  return (
    <Show when={state()}>
      {(kind) => (
        <StateBanner state={kind()} title={shown()?.title ?? ''}>
          {shown()?.text}
        </StateBanner>
      )}
    </Show>
  )
}
