import { createMemo, For } from 'solid-js'
import { Graph } from '../../ui/graph.tsx'
import type { Drawn } from './drawn.ts'
import type { GraphSpec } from './graph-specs.ts'

export interface SeriesGraphProps {
  readonly spec: GraphSpec
  readonly drawn: Drawn
}

const known = (value: number | null): boolean => value !== null

/** A graph of named series; a line that was never known is left out. */
export function SeriesGraph(props: SeriesGraphProps) {
  const series = createMemo(() => {
    const all = props.spec.lines.map(({ label, name }) => ({ label, values: props.drawn.column(name) }))
    const some = all.filter(({ values }) => values.some(known))
    return some.length > 0 ? some : all.slice(0, 1)
  })
  return (
    <Graph
      title={props.spec.title}
      times={props.drawn.times}
      series={series()}
      format={props.spec.format}
      steps={props.spec.steps}
      thresholds={props.spec.thresholds}
      max={props.spec.max}
      from={props.drawn.from}
      to={props.drawn.to}
      paused={false}
    />
  )
}

/** Several graphs, as many in a row as fit. Kept by title: a new reading draws, it does not build anew. */
export function SeriesGraphs(props: { readonly specs: readonly GraphSpec[]; readonly drawn: Drawn }) {
  const byTitle = createMemo(() => new Map(props.specs.map((spec) => [spec.title, spec])))
  return (
    <div class="monitor-graphs">
      <For each={[...byTitle().keys()]}>
        {(title) => <SeriesGraph spec={byTitle().get(title) as GraphSpec} drawn={props.drawn} />}
      </For>
    </div>
  )
}
