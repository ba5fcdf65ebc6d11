import { Show } from 'solid-js'
import type { Failure } from '../get-json.ts'
import { StateBanner, type BannerState } from '../../ui/state-banner.tsx'
import { WhyNot } from '../why-not.tsx'
import type { Known } from './poll.ts'

const states: Readonly<Record<Failure['kind'], BannerState>> = {
  denied: 'no-permission',
  unavailable: 'error',
  failed: 'error',
  unreachable: 'offline',
}

const advice = ({ kind, reason }: Failure, known: boolean): string => {
  if (kind === 'denied')
    return 'It takes the capability connections:read. Whoever manages roles on this server can grant it.'
  const rest = known ? ' What follows is what was known last.' : ''
  return `The list could not be read: ${reason}. It is asked for again by itself.${rest}`
}

/** Why there is no list of connections, or no current one. */
export function FailureBanner(props: { readonly known: Known }) {
  return (
    <Show
      when={props.known.failure}
      fallback={
        <Show when={props.known.answer === undefined}>
          <StateBanner state="loading">Asking for the list.</StateBanner>
        </Show>
      }
    >
      {(failure) => (
        <StateBanner state={states[failure().kind]}>
          {advice(failure(), props.known.answer !== undefined)}
          <Show when={failure().kind === 'denied'}>
            <WhyNot capability="connections:read" />
          </Show>
        </StateBanner>
      )}
    </Show>
  )
}
