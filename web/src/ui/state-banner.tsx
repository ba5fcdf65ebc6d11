import { Show, type JSX } from 'solid-js'
import './state-banner.css'

export type BannerState = 'loading' | 'empty' | 'error' | 'no-permission' | 'stale' | 'offline'

const titles: Readonly<Record<BannerState, string>> = {
  loading: 'Loading',
  empty: 'Nothing here yet',
  error: 'Something went wrong',
  'no-permission': 'You may not see this',
  stale: 'These numbers are old',
  offline: 'Offline',
}

export interface StateBannerProps {
  readonly state: BannerState
  /** Replaces the usual words. */
  readonly title?: string
  /** What happened and what to do about it. */
  readonly children?: JSX.Element
  /** Adds a button. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

/** Says why a page or a part of it shows nothing, or nothing current. Errors are announced at once, the rest politely. */
export function StateBanner(props: StateBannerProps) {
  return (
    <div class="banner" data-state={props.state} role={props.state === 'error' ? 'alert' : 'status'}>
      <span class="banner-mark" aria-hidden="true" />
      <div>
        <p class="banner-title">{props.title ?? titles[props.state]}</p>
        <Show when={props.children}>
          <div class="banner-text">{props.children}</div>
        </Show>
        <Show when={props.action}>
          {(action) => (
            <button type="button" class="button" onClick={() => action().run()}>
              {action().label}
            </button>
          )}
        </Show>
      </div>
    </div>
  )
}
