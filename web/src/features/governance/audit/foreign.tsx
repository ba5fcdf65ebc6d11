import { createSignal, Show } from 'solid-js'
import type { ForeignPage } from '../../../../../src/features/governance/audit/contract.ts'
import { withQuery } from '../../../account/request.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { TextField } from '../../../ui/field.tsx'
import { clock } from '../../../ui/format.ts'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { Pager } from '../../pager.tsx'

type Row = ForeignPage['rows'][number]

const columns: readonly Column<Row>[] = [
  { id: 'mark', header: 'Whose', cell: () => <Badge tone="info">foreign</Badge> },
  { id: 'ts', header: 'Read', cell: (row) => clock(row.ts), sort: (row) => row.ts },
  { id: 'source', header: 'File', cell: (row) => row.source, sort: (row) => row.source },
  {
    id: 'entry',
    header: 'Line',
    cell: (row) => (
      <>
        <Show when={row.bad !== undefined}>
          <Badge tone="warning">not readable</Badge>{' '}
        </Show>
        <code class="audit-line">{row.bad ?? JSON.stringify(row.entry)}</code>
      </>
    ),
  },
]

/** Lines of other programs' audit files: kept as they came, and not part of the chain. */
export function Foreign() {
  const [source, setSource] = createSignal('')
  const [before, setBefore] = createSignal<string>()
  const loaded = createLoaded<ForeignPage>(() =>
    withQuery('/api/governance/audit-logs/foreign', { source: source().trim(), before: before(), limit: 100 }),
  )
  const find = (text: string) => {
    setBefore(undefined)
    setSource(text)
  }
  return (
    <Card title="Other programs" note="What they say of themselves, as it came; Aura vouches for none of it.">
      <div class="governance-narrow">
        <TextField label="File" hint="Its whole path." maxLength={500} value={source()} onInput={find} />
      </div>
      <LoadBanner loaded={loaded} capability="audit:read" what="the foreign lines" />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <DataTable
              caption="Lines of other programs"
              captionHidden
              rows={page().rows}
              columns={columns}
              rowKey={({ id }) => id}
              empty="None. Which files are followed is in the configuration, audit.foreign."
            />
            <Pager at={before()} next={page().next} go={setBefore} />
          </>
        )}
      </Show>
    </Card>
  )
}
