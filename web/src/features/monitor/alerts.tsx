import { createMemo, For, Show } from 'solid-js'
import type { FiringAlerts } from '../../../../src/features/alerts/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import type { Live } from '../../realtime/types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { ago, clock } from '../../ui/format.ts'
import { alertsLine, distinguishing, keyOf, ordered, toneOf } from './alerts-view.ts'

type Alert = FiringAlerts['alerts'][number]

/** What fires or is about to, loudest first. */
export function Alerts(props: { readonly live: Live<FiringAlerts> }) {
  const byKey = createMemo(
    () => new Map(ordered(props.live.value?.alerts ?? []).map((alert) => [keyOf(alert), alert] as const)),
  )
  const line = () => {
    if (props.live.denied) return 'Reading alerts takes the capability alerts:read.'
    return props.live.value === undefined ? 'Waiting for the alerts.' : alertsLine(props.live.value)
  }
  return (
    <Card
      title="Alerts"
      note={<span aria-live="polite">{line()}</span>}
      wide
      aside={
        <Show when={props.live.stale && props.live.value !== undefined}>
          <Badge tone="neutral">stale</Badge>
        </Show>
      }
    >
      <Show when={byKey().size > 0}>
        <ul class="monitor-alerts">
          <For each={[...byKey().keys()]}>{(key) => <AlertLine alert={byKey().get(key)} />}</For>
        </ul>
      </Show>
    </Card>
  )
}

function AlertLine(props: { readonly alert: Alert | undefined }) {
  const { now } = useRealtime()
  return (
    <Show when={props.alert}>
      {(alert) => (
        <li class="monitor-alert" data-tone={toneOf(alert())}>
          <Badge tone={toneOf(alert())}>
            {alert().state === 'pending' ? `pending, ${alert().severity}` : alert().severity}
          </Badge>
          <strong>{alert().name}</strong>
          <span class="monitor-alert-text">{alert().summary}</span>
          <span class="monitor-quiet">{distinguishing(alert())}</span>
          <time class="monitor-quiet" dateTime={new Date(alert().since).toISOString()}>
            since {clock(alert().since, now())} ({ago(alert().since, now())})
          </time>
        </li>
      )}
    </Show>
  )
}
