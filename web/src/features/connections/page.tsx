import { createSignal, Show } from 'solid-js'
import { useRealtime } from '../../realtime/context.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { ago } from '../../ui/format.ts'
import { connectionColumns } from './columns.ts'
import { FailureBanner } from './failure-banner.tsx'
import { createConnections, every, type Known } from './poll.ts'
import { TotalsRow } from './totals.tsx'
import type { ConnectionsAnswer } from '../../../../src/realtime/types.ts'
import { partText } from './view.ts'
import './connections.css'

/** Who is connected to the bridge, and how well. */
export function Page() {
  const [paused, setPaused] = createSignal(false)
  const known = createConnections(paused)
  return (
    <div class="connections">
      <header class="connections-head">
        <h1>Connections</h1>
        <button type="button" class="button" aria-pressed={paused()} onClick={() => setPaused(!paused())}>
          {paused() ? 'Resume' : 'Pause'}
        </button>
      </header>
      <FailureBanner known={known} />
      <Show when={known.answer}>{(answer) => <Shown answer={answer()} known={known} paused={paused()} />}</Show>
    </div>
  )
}

interface ShownProps {
  readonly answer: ConnectionsAnswer
  readonly known: Known
  readonly paused: boolean
}

function Shown(props: ShownProps) {
  const realtime = useRealtime()
  // The page's clock ticks once a second; a list read since its last tick is not from the future.
  const now = () => Math.max(realtime.now(), props.known.at ?? 0)
  const old = () => props.known.failure !== undefined || (!props.paused && now() - (props.known.at ?? 0) > 3 * every)
  const note = () => {
    const read = `${props.paused ? 'Paused; read' : 'Read'} ${ago(props.known.at, now())}.`
    return read + partText(props.answer.connections.length, props.answer.totals.connections)
  }
  return (
    <Card
      title="Open now"
      note={note()}
      aside={
        <Show when={old()}>
          <Badge tone="neutral">stale</Badge>
        </Show>
      }
    >
      <TotalsRow answer={props.answer} stale={old()} />
      <DataTable
        caption="Open connections"
        captionHidden
        rows={props.answer.connections}
        columns={connectionColumns(now)}
        rowKey={(row) => row.id}
        sorting={{ id: 'since', descending: false }}
        empty="Nobody is connected."
      />
    </Card>
  )
}
