import { useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, Show } from 'solid-js'
import { useAccount } from '../../../account/context.ts'
import { withQuery } from '../../../account/request.ts'
import { Segments } from '../../../ui/segments.tsx'
import { FilterForm } from './filter-form.tsx'
import { filterQuery, readFilters, type AuditFilters } from './filters.ts'
import { Foreign } from './foreign.tsx'
import { Log } from './log.tsx'
import { VerifyBadge } from './verify-badge.tsx'
import './audit.css'

const views = [
  { value: 'own', label: 'This Aura' },
  { value: 'foreign', label: 'Other programs' },
] as const

/** What happened, by whom and with which right; each row chained to the one before. */
export function Page() {
  const [view, setView] = createSignal<'own' | 'foreign'>('own')
  return (
    <div class="governance-page">
      <header class="governance-head">
        <h1>Audit log</h1>
        <Segments label="Whose" options={views} value={view()} onChange={setView} />
      </header>
      <Show when={view() === 'own'} fallback={<Foreign />}>
        <Own />
      </Show>
    </div>
  )
}

function Own() {
  const account = useAccount()
  const [query, setQuery] = useSearchParams()
  // By its text: an object of the same content is the same filter.
  const key = createMemo(() => JSON.stringify(readFilters(query)))
  const filters = createMemo(() => JSON.parse(key()) as AuditFilters)
  const start = createMemo(() => Number([query['before']].flat()[0] ?? '') || undefined)
  const apply = (next: AuditFilters) => setQuery({ ...filterQuery(next), before: undefined })
  return (
    <>
      <Show when={account.may('audit:read')}>
        <VerifyBadge />
      </Show>
      <FilterForm filters={filters()} onApply={apply} />
      <Export filters={filters()} />
      <Log filters={filters()} start={start()} onNewest={() => setQuery({ before: undefined })} onFilter={apply} />
    </>
  )
}

function Export(props: { readonly filters: AuditFilters }) {
  const account = useAccount()
  const link = (format: string) =>
    withQuery('/api/governance/audit-logs/export', { ...filterQuery(props.filters), format })
  return (
    <Show
      when={account.may('audit:export')}
      fallback={<p class="governance-quiet">Taking the log along as a file takes the capability audit:export.</p>}
    >
      <div class="governance-buttons">
        <a class="button audit-link" href={link('csv')} download="audit.csv" rel="external">
          Export CSV
        </a>
        <a class="button audit-link" href={link('jsonl')} download="audit.jsonl" rel="external">
          Export JSON lines
        </a>
        <span class="governance-quiet">What is filtered; the export is itself in the log.</span>
      </div>
    </Show>
  )
}
