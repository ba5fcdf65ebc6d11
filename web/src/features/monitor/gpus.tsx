import { createMemo, For, Show } from 'solid-js'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Bar } from '../../ui/bar.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { bytes, percent, quantity, watts } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'
import type { Drawn } from './drawn.ts'
import { gpuGraphs } from './graph-specs.ts'
import { withoutPrometheus } from './ranges.ts'
import { SeriesGraphs } from './series-graph.tsx'
import { ratio } from './tile-views.ts'

type Gpu = SystemMetrics['gpus'][number]
type Process = Gpu['processes'][number]

export interface GpusProps {
  readonly system: SystemMetrics
  readonly drawn: Drawn
  readonly stale: boolean
}

const processColumns: readonly Column<Process>[] = [
  { id: 'pid', header: 'Process', cell: (row) => row.pid, sort: (row) => Number(row.pid) },
  { id: 'name', header: 'Program', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'model', header: 'Model', cell: (row) => row.model || '–', sort: (row) => row.model },
  { id: 'memory', header: 'Memory', cell: (row) => bytes(row.memory), sort: (row) => row.memory, numeric: true },
]

/** A card for each GPU; nothing at all where there is none. */
export function Gpus(props: GpusProps) {
  const uuids = createMemo(() => props.system.gpus.map(({ uuid }) => uuid), undefined, {
    equals: (before, after) => before.join('\n') === after.join('\n'),
  })
  return (
    <For each={uuids()}>
      {(uuid) => (
        <Show when={props.system.gpus.find((gpu) => gpu.uuid === uuid)}>
          {(gpu) => <GpuCard {...props} gpu={gpu()} />}
        </Show>
      )}
    </For>
  )
}

function GpuCard(props: GpusProps & { readonly gpu: Gpu }) {
  const level = () => props.system.levels['gpus']
  const specs = createMemo(() => gpuGraphs(props.system, props.gpu))
  return (
    <Card
      title={`GPU: ${props.gpu.name}`}
      note={`${props.gpu.vendor} · ${props.gpu.uuid}`}
      wide
      aside={
        <>
          <Show when={props.stale}>
            <Badge tone="neutral">stale</Badge>
          </Show>
          <Show when={level()}>{(tone) => <Badge tone={tone()}>{tone()}</Badge>}</Show>
        </>
      }
    >
      <GpuStats gpu={props.gpu} />
      <Show
        when={props.drawn.problem === undefined}
        fallback={<p class="monitor-quiet">{withoutPrometheus(props.drawn.problem ?? '')}</p>}
      >
        <SeriesGraphs specs={specs()} drawn={props.drawn} />
      </Show>
      <DataTable
        caption="Processes on this GPU"
        rows={props.gpu.processes}
        columns={processColumns}
        rowKey={(row) => `${row.pid} ${row.name}`}
        sorting={{ id: 'memory', descending: true }}
        empty="No process uses this GPU, or the card does not tell."
      />
    </Card>
  )
}

function GpuStats(props: { readonly gpu: Gpu }) {
  const share = () => ratio(props.gpu.memoryUsed, props.gpu.memoryTotal)
  return (
    <div class="stats">
      <Stat label="In use" value={quantity.percent(props.gpu.utilization)} />
      <div>
        <Stat label="Memory" value={quantity.bytes(props.gpu.memoryUsed)} note={`of ${bytes(props.gpu.memoryTotal)}`} />
        <Bar label="GPU memory" value={share()} text={`${percent(share())} of ${bytes(props.gpu.memoryTotal)}`} />
      </div>
      <Stat label="Temperature" value={quantity.celsius(props.gpu.celsius)} />
      <Stat label="Power" value={quantity.watts(props.gpu.watts)} note={`limit ${watts(props.gpu.powerLimit)}`} />
      <Stat label="Fan" value={quantity.percent(props.gpu.fan)} />
    </div>
  )
}
