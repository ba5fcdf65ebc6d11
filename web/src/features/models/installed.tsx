import { Show } from 'solid-js'
import type { ModelsStatus } from '../../../../src/features/models/contract.ts'
import { useAccount } from '../../account/context.ts'
import { useRealtime } from '../../realtime/context.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { ago, bytes } from '../../ui/format.ts'
import { createDeletions, DeleteCell, DeleteDialog, type Deletions } from './deletion.tsx'
import type { ModelsProps } from './loaded.tsx'
import { contextText, expiry } from './view.ts'

type Model = ModelsStatus['models'][number]

const columns = (now: () => number, deletions: Deletions): readonly Column<Model>[] => [
  { id: 'name', header: 'Model', cell: (row) => row.name, sort: (row) => row.name },
  {
    id: 'loaded',
    header: 'State',
    cell: (row) => <Badge tone={row.loaded ? 'ok' : 'neutral'}>{row.loaded ? 'loaded' : 'on disk'}</Badge>,
    sort: (row) => Number(!row.loaded),
  },
  { id: 'size', header: 'Size on disk', cell: (row) => bytes(row.size), sort: (row) => row.size, numeric: true },
  { id: 'parameters', header: 'Parameters', cell: (row) => row.parameters || '–', sort: (row) => row.parameters },
  {
    id: 'quantization',
    header: 'Quantisation',
    cell: (row) => row.quantization || '–',
    sort: (row) => row.quantization,
  },
  { id: 'family', header: 'Family', cell: (row) => row.family || '–', sort: (row) => row.family, minor: true },
  { id: 'context', header: 'Context', cell: contextText, sort: (row) => row.context, numeric: true, minor: true },
  {
    id: 'expires',
    header: 'Unloaded',
    cell: (row) => expiry(row, now()),
    sort: (row) => row.expires,
    numeric: true,
    minor: true,
  },
  {
    id: 'modified',
    header: 'Changed',
    cell: (row) => ago(row.modified, now()),
    sort: (row) => row.modified,
    numeric: true,
    minor: true,
  },
  { id: 'delete', header: 'Delete', cell: (row) => <DeleteCell model={row.name} deletions={deletions} /> },
]

/** Every model on the disk of the machine where Ollama runs. */
export function InstalledModels(props: ModelsProps) {
  const { now } = useRealtime()
  const account = useAccount()
  const deletions = createDeletions()
  // Where nobody is signed in there is no second person either.
  const shown = () => columns(now, deletions).filter(({ id }) => id !== 'delete' || account.view()?.proof === 'session')
  return (
    <Card
      title="Installed"
      aside={
        <Show when={props.stale}>
          <Badge tone="neutral">stale</Badge>
        </Show>
      }
    >
      <DataTable
        caption="Installed models"
        captionHidden
        rows={props.status.models}
        columns={shown()}
        rowKey={(row) => row.name}
        sorting={{ id: 'name', descending: false }}
        empty="None known."
      />
      <Show when={deletions.asking()}>{(model) => <DeleteDialog model={model()} deletions={deletions} />}</Show>
    </Card>
  )
}
