import { For, Show } from 'solid-js'
import type { AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { clock } from '../../../ui/format.ts'
import { pretty } from '../words.ts'
import { actorName, decisions } from './columns.tsx'
import type { AuditFilters } from './filters.ts'

export interface RowDialogProps {
  readonly row: AuditRowView
  readonly names: Readonly<Record<string, string>>
  readonly onFilter: (filters: AuditFilters) => void
  readonly onClose: () => void
}

/** Name and value of what a row says, in the order of a first look. */
function factsOf(row: AuditRowView, names: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const { actor } = row
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['When', `${clock(row.ts, 0)} (${new Date(row.ts).toISOString()})`],
    ['Who', `${actorName(row, names)} (${actor.id})`],
    ['Session or token', actor.session],
    ['On behalf of', actor.onBehalfOf],
    ['Address', actor.ip],
    ['Action', row.action],
    ['Object', row.object],
    ['Scope', row.scope],
    ['Decision', decisions[row.decision].word],
    ['Why', row.rule],
    ['Request', row.requestId],
    ['Hash', row.hash],
    ['Hash before', row.prevHash],
  ]
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]))
}

/** One row in full, and the way to others like it. */
export function RowDialog(props: RowDialogProps) {
  const like = (): readonly (readonly [string, AuditFilters])[] => {
    const { actor, action, object, requestId } = props.row
    return [
      ['this actor', { actor: actor.id }],
      ['this action', { action }],
      ...(object === undefined ? [] : [['this object', { object }] as const]),
      ...(requestId === undefined ? [] : [['this request', { requestId }] as const]),
    ]
  }
  return (
    <Dialog title={`Row #${props.row.seq}`} onClose={() => props.onClose()} wide>
      <dl class="governance-facts">
        <For each={factsOf(props.row, props.names)}>
          {([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          )}
        </For>
      </dl>
      <For each={[['Before', props.row.before] as const, ['After', props.row.after] as const]}>
        {([name, value]) => (
          <Show when={value !== undefined}>
            <h3>{name}</h3>
            <pre class="governance-json" tabindex="0" role="region" aria-label={name}>
              {pretty(value)}
            </pre>
          </Show>
        )}
      </For>
      <div class="governance-buttons">
        <span>Show all of</span>
        <For each={like()}>
          {([name, filters]) => (
            <button type="button" class="button" onClick={() => props.onFilter(filters)}>
              {name}
            </button>
          )}
        </For>
      </div>
    </Dialog>
  )
}
