import { count, quantity } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'
import type { ConnectionsAnswer } from '../../../../src/realtime/types.ts'
import { closeName, countsText, sum, transportName, worstLag } from './view.ts'

/** Everybody together. */
export function TotalsRow(props: { readonly answer: ConnectionsAnswer; readonly stale: boolean }) {
  const totals = () => props.answer.totals
  const lag = () => {
    const worst = worstLag(props.answer.connections)
    return worst === undefined ? '–' : { number: String(Math.round(worst)), unit: 'ms' }
  }
  return (
    <div class="stats connections-totals">
      <Stat
        label="Connections"
        value={quantity.count(totals().connections)}
        note={countsText(totals().byTransport, transportName)}
        stale={props.stale}
      />
      <Stat
        label="Subscriptions"
        value={quantity.count(sum(totals().subscriptions))}
        note={countsText(totals().subscriptions)}
        stale={props.stale}
      />
      <Stat
        label="Messages delivered"
        value={quantity.count(sum(totals().delivered))}
        note={`of ${count(sum(totals().published))} published`}
        stale={props.stale}
      />
      <Stat label="Values skipped" value={quantity.count(totals().skipped)} stale={props.stale} />
      <Stat
        label="Waiting to be sent"
        value={quantity.bytes(totals().queue.bytes)}
        note={`${count(totals().queue.depth)} messages`}
        stale={props.stale}
      />
      <Stat label="Worst lag" value={lag()} stale={props.stale} />
      <Stat
        label="Closed"
        value={quantity.count(sum(totals().closes))}
        note={countsText(totals().closes, closeName)}
        stale={props.stale}
      />
    </div>
  )
}
