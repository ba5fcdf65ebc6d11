import { Match, Switch } from 'solid-js'
import { StateBanner } from '../ui/state-banner.tsx'
import type { Loaded } from './loaded.ts'
import { needed, WhyNot } from './why-not.tsx'

export interface LoadBannerProps {
  readonly loaded: Omit<Loaded<unknown>, 'set'>
  /** What it takes to see it. */
  readonly capability: string
  /** `the roles`. */
  readonly what: string
}

const named = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Why a page that lives off the API shows nothing, or nothing current; nothing while all is well. */
export function LoadBanner(props: LoadBannerProps) {
  const refusal = () => props.loaded.refusal()
  const known = () => props.loaded.value() !== undefined
  const rest = () => (known() ? ' What follows is what was known last.' : '')
  const again = () => ({ label: 'Try again', run: () => props.loaded.reload() })
  return (
    <Switch>
      <Match when={refusal()?.status === 403}>
        <NoRight capability={named(refusal()?.details['capability']) ?? props.capability} />
      </Match>
      <Match when={refusal()?.status === 0}>
        <StateBanner state="offline" title={`Aura cannot be reached for ${props.what}`} action={again()}>
          It is asked again when the connection is back.{rest()}
        </StateBanner>
      </Match>
      <Match when={refusal() !== undefined && refusal()?.status !== 401}>
        <StateBanner state="error" title={`Could not read ${props.what}`} action={again()}>
          {refusal()?.message}.{rest()}
        </StateBanner>
      </Match>
      <Match when={!known() && props.loaded.loading()}>
        <StateBanner state="loading">Asking for {props.what}.</StateBanner>
      </Match>
    </Switch>
  )
}

/** For what one may not see: which right it takes, why it is not held, and who could grant it. */
export const NoRight = (props: { readonly capability: string }) => (
  <StateBanner state="no-permission">
    {needed(props.capability)}
    <WhyNot capability={props.capability} />
  </StateBanner>
)
