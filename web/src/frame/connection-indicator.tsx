import { Show } from 'solid-js'
import { useRealtime, useTopic } from '../realtime/context.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { count, duration } from '../ui/format.ts'
import type { ConnectionState } from '../realtime/types.ts'
import { quality, stateWords, transportWords } from './words.ts'

const tones: Readonly<Record<ConnectionState, Tone>> = {
  offline: 'critical',
  connecting: 'info',
  live: 'ok',
  recovering: 'warning',
  stale: 'warning',
  refused: 'critical',
}

/** State of the connection, transport, round trip, age of the newest data, skipped values. */
export function ConnectionIndicator() {
  const { connection, newest, now, skipped } = useRealtime()
  // Something of it changes all the time: the sign of life on every page.
  useTopic('system')
  const age = () => {
    const ts = newest()
    return ts === undefined ? undefined : Math.max(0, Math.round((now() - ts) / 1000))
  }
  return (
    <div class="connection" role="group" aria-label="Connection">
      {/* Only the state is announced; the numbers beside it change all the time. */}
      <span role="status">
        <Badge tone={tones[connection().state]}>{stateWords[connection().state]}</Badge>
      </span>
      <dl class="connection-facts">
        <Show
          when={connection().state === 'live' || connection().state === 'stale' ? connection().transport : undefined}
        >
          {(transport) => <Fact name="Transport" value={transportWords[transport()]} minor />}
        </Show>
        <Show when={connection().rtt !== undefined}>
          <Fact name="Round trip" value={duration((connection().rtt ?? 0) / 1000)} note={quality(connection())} minor />
        </Show>
        <Show when={age() !== undefined}>
          <Fact name="Age of data" value={(age() ?? 0) === 0 ? '< 1 s' : duration(age())} />
        </Show>
        <Show when={skipped() > 0}>
          <Fact name="Skipped" value={count(skipped())} />
        </Show>
      </dl>
    </div>
  )
}

function Fact(props: {
  readonly name: string
  readonly value: string
  readonly note?: string | undefined
  readonly minor?: boolean
}) {
  return (
    <div classList={{ 'connection-minor': props.minor ?? false }}>
      <dt>{props.name}</dt>
      <dd>
        {props.value}
        <Show when={props.note}> ({props.note})</Show>
      </dd>
    </div>
  )
}
