import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { SecurityAlertPage, SecurityAlertView } from '../../../../../src/features/governance/audit/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { withQuery } from '../../../account/request.ts'
import { useEvents, useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { ByKey } from '../../../ui/by-key.tsx'
import { Card } from '../../../ui/card.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { ago } from '../../../ui/format.ts'
import { Segments } from '../../../ui/segments.tsx'
import { StateBanner } from '../../../ui/state-banner.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { outcome } from '../../refusal-text.ts'
import { Pager } from '../../pager.tsx'
import { nameOf } from '../words.ts'

const views = [
  { value: 'open', label: 'Open' },
  { value: 'all', label: 'All' },
] as const

const tones: Readonly<Record<SecurityAlertView['severity'], Tone>> = {
  info: 'info',
  warning: 'warning',
  critical: 'critical',
}

const Nothing = () => (
  <StateBanner state="empty" title="No alert is open">
    Many failed sign-ins, many refusals, a new owner or a broken audit log would appear here.
  </StateBanner>
)

/** What in the audit log somebody should look at. */
export function Page() {
  const [view, setView] = createSignal<'open' | 'all'>('open')
  const [before, setBefore] = createSignal<string>()
  const loaded = createLoaded<SecurityAlertPage>(() =>
    withQuery('/api/governance/alerts', { open: view() === 'open' || undefined, before: before(), limit: 50 }),
  )
  useEvents('security', loaded.reload)
  return (
    <div class="governance-page">
      <header class="governance-head">
        <h1>Security alerts</h1>
        <Segments
          label="Which"
          options={views}
          value={view()}
          onChange={(next) => {
            setBefore(undefined)
            setView(next)
          }}
        />
      </header>
      <LoadBanner loaded={loaded} capability="audit:read" what="the security alerts" />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <ByKey each={page().alerts} by={({ id }) => id} fallback={<Nothing />}>
              {(alert) => <AlertCard alert={alert()} names={page().names} onDone={loaded.reload} />}
            </ByKey>
            <Pager at={before()} next={page().next} go={setBefore} />
          </>
        )}
      </Show>
    </div>
  )
}

/** Address of the log around the rows that an alert speaks of. */
export function rowsPath(seqs: readonly number[]): string | undefined {
  if (seqs.length === 0) return undefined
  return withQuery('/governance/audit', { before: Math.max(...seqs) + 1 })
}

interface AlertCardProps {
  readonly alert: SecurityAlertView
  readonly names: Readonly<Record<string, string>> | undefined
  readonly onDone: () => void
}

function AlertCard(props: AlertCardProps) {
  const { now } = useRealtime()
  const alert = () => props.alert
  return (
    <Card
      title={alert().summary}
      note={`${alert().rule}, ${ago(alert().at, now())}, ${alert().count} ${alert().count === 1 ? 'time' : 'times'}`}
      aside={<Badge tone={tones[alert().severity]}>{alert().severity}</Badge>}
    >
      <Show when={rowsPath(alert().seqs)}>
        {(path) => (
          <p>
            <A href={path()}>
              {alert().seqs.length === 1 ? 'The row' : `The ${alert().seqs.length} rows`} in the audit log
            </A>
          </p>
        )}
      </Show>
      <Show when={alert().acknowledgedBy} fallback={<Acknowledge {...props} />}>
        {(by) => (
          <p class="governance-quiet">
            Acknowledged by {nameOf(props.names, by())} {ago(alert().acknowledgedAt, now())}
            <Show when={alert().comment}>: “{alert().comment}”</Show>
          </p>
        )}
      </Show>
    </Card>
  )
}

function Acknowledge(props: { readonly alert: SecurityAlertView; readonly onDone: () => void }) {
  const account = useAccount()
  const [comment, setComment] = createSignal('')
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    const body = comment().trim() === '' ? {} : { comment: comment().trim() }
    return outcome(
      await account.send('POST', `/api/governance/alerts/${props.alert.id}/acknowledge`, body),
      props.onDone,
    )
  }
  return (
    <Show
      when={account.may('alert:ack')}
      fallback={<p class="governance-quiet">Acknowledging takes the capability alert:ack.</p>}
    >
      <div class="governance-narrow">
        <Form acting={acting} onSend={send} send="Acknowledge">
          <TextField
            label="Note"
            hint="What it was, and what was done."
            maxLength={1000}
            value={comment()}
            onInput={setComment}
          />
        </Form>
      </div>
    </Show>
  )
}
