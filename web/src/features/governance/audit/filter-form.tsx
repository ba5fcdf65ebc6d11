import { createEffect, createSignal, on, Show } from 'solid-js'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { fromLocalInput, localInput } from '../../times.ts'
import { isFiltered, type AuditFilters } from './filters.ts'

export interface FilterFormProps {
  readonly filters: AuditFilters
  readonly onApply: (filters: AuditFilters) => void
}

const decisions = [
  { value: '', label: 'any' },
  { value: 'allow', label: 'allowed' },
  { value: 'deny', label: 'denied' },
  { value: 'none', label: 'no decision' },
]

type Draft = Readonly<Record<'actor' | 'action' | 'object' | 'decision' | 'from' | 'until' | 'requestId' | 'q', string>>

const draftOf = (filters: AuditFilters): Draft => ({
  actor: filters.actor ?? '',
  action: filters.action ?? '',
  object: filters.object ?? '',
  decision: filters.decision ?? '',
  from: localInput(filters.from),
  until: localInput(filters.until),
  requestId: filters.requestId ?? '',
  q: filters.q ?? '',
})

/** The filters that are filled in. */
export function filtersOf(draft: Draft): AuditFilters {
  const times = { from: fromLocalInput(draft.from), until: fromLocalInput(draft.until) }
  const all = { ...draft, ...times }
  return Object.fromEntries(
    Object.entries(all)
      .map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value])
      .filter(([, value]) => value !== '' && value !== undefined),
  ) as AuditFilters
}

/** What to narrow the log to. */
export function FilterForm(props: FilterFormProps) {
  const [draft, setDraft] = createSignal(draftOf({}))
  createEffect(
    on(
      () => props.filters,
      (filters) => setDraft(draftOf(filters)),
    ),
  )
  const set = (key: keyof Draft) => (value: string) => setDraft((before) => ({ ...before, [key]: value }))
  return (
    <form
      class="form"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault()
        props.onApply(filtersOf(draft()))
      }}
    >
      <div class="form-row">
        <TextField label="Free text" value={draft().q} onInput={set('q')} maxLength={200} />
        <TextField label="Action" placeholder="role.*" value={draft().action} onInput={set('action')} maxLength={100} />
        <TextField
          label="Object"
          placeholder="model:*"
          value={draft().object}
          onInput={set('object')}
          maxLength={300}
        />
        <TextField
          label="Actor"
          placeholder="id of a user"
          value={draft().actor}
          onInput={set('actor')}
          maxLength={200}
        />
        <SelectField label="Decision" value={draft().decision} onInput={set('decision')} choices={decisions} />
        <TextField label="From" type="datetime-local" value={draft().from} onInput={set('from')} />
        <TextField label="Until" type="datetime-local" value={draft().until} onInput={set('until')} />
        <TextField label="Request id" value={draft().requestId} onInput={set('requestId')} maxLength={100} />
      </div>
      <div class="form-buttons">
        <button type="submit" class="button button-main">
          Filter
        </button>
        <Show when={isFiltered(props.filters)}>
          <button type="button" class="button" onClick={() => props.onApply({})}>
            Clear the filters
          </button>
        </Show>
      </div>
    </form>
  )
}
