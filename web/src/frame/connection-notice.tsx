import { Match, Switch } from 'solid-js'
import { useRealtime } from '../realtime/context.ts'
import { duration } from '../ui/format.ts'
import { StateBanner } from '../ui/state-banner.tsx'
import { refusalAdvice } from './words.ts'

/** ms that a reconnect may take before the page makes words of it. */
const patience = 3000

/** Says above the page what is the matter with the connection, when it is more than a moment. */
export function ConnectionNotice() {
  const { connection, now, newest, retry } = useRealtime()
  const late = () => now() - connection().since > patience
  const old = () => {
    const ts = newest()
    return ts === undefined
      ? ''
      : ` The numbers below are ${duration(Math.max(1, Math.round((now() - ts) / 1000)))} old.`
  }
  const again = { label: 'Try again', run: retry }
  return (
    <Switch>
      <Match when={connection().state === 'offline'}>
        <StateBanner state="offline">This device has no network. Aura reconnects when it is back.{old()}</StateBanner>
      </Match>
      <Match when={connection().state === 'refused'}>
        <StateBanner state="error" title="The server refused the connection" action={again}>
          {refusalAdvice(connection().code)} (code {connection().code}){old()}
        </StateBanner>
      </Match>
      <Match when={connection().state === 'recovering' && late()}>
        <StateBanner state="stale" title="Connection lost, reconnecting" action={again}>
          Aura does not answer, or the network is cut.{old()}
        </StateBanner>
      </Match>
      <Match when={connection().state === 'connecting' && late()}>
        <StateBanner state="loading" title="Still connecting" action={again}>
          Aura has not answered yet. Another way is tried if this one is blocked.
        </StateBanner>
      </Match>
      <Match when={connection().state === 'stale'}>
        <StateBanner state="stale" title="Connected, but no new data arrives">
          {old()}
        </StateBanner>
      </Match>
    </Switch>
  )
}
