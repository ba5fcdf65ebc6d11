import { createMemo, createSignal, createUniqueId, lazy, Show, Suspense } from 'solid-js'
import type { Level } from './level.ts'
import './graph.css'

export interface GraphSeries {
  readonly label: string
  /** As long as `times`; null = not known, and the line has a gap. */
  readonly values: readonly (number | null)[]
}

export interface Threshold {
  readonly value: number
  readonly label: string
  readonly level: Exclude<Level, 'ok'>
}

export interface GraphProps {
  readonly title: string
  /** ms since the epoch, ascending. */
  readonly times: readonly number[]
  readonly series: readonly GraphSeries[]
  /** A value in words, with its unit: `bytes`, `percent`. */
  readonly format: (value: number) => string
  readonly thresholds?: readonly Threshold[] | undefined
  /** Ends of the value axis; 0 and what the data needs unless said. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** Ends of the time axis, ms since the epoch; those of the data unless said. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Holds the picture, whatever arrives. Without it the graph has a button of its own. */
  readonly paused?: boolean | undefined
  /** CSS pixels; 160 unless said. */
  readonly height?: number | undefined
}

const Plot = lazy(async () => ({ default: (await import('./graph-plot.tsx')).GraphPlot }))
const Table = lazy(async () => ({ default: (await import('./graph-table.tsx')).GraphTable }))

/** Lines over time: crosshair, thresholds drawn, pause, and the numbers as a table behind a button. */
export function Graph(props: GraphProps) {
  const [own, setOwn] = createSignal(false)
  const [table, setTable] = createSignal(false)
  const id = createUniqueId()
  const paused = () => props.paused ?? own()
  // While paused this keeps what it last saw.
  const shown = createMemo<GraphProps>((before) => (paused() && before !== undefined ? before : { ...props }))
  return (
    <figure class="graph" aria-labelledby={id}>
      <figcaption class="graph-head">
        <span id={id} class="graph-title">
          {props.title}
        </span>
        <Show when={props.paused === undefined}>
          <button
            type="button"
            class="button-quiet"
            aria-pressed={own()}
            aria-label={`Pause ${props.title}`}
            onClick={() => setOwn(!own())}
          >
            {own() ? 'Resume' : 'Pause'}
          </button>
        </Show>
        <button
          type="button"
          class="button-quiet"
          aria-expanded={table()}
          aria-label={`Table of ${props.title}`}
          onClick={() => setTable(!table())}
        >
          Table
        </button>
      </figcaption>
      <Suspense fallback={<div class="graph-plot" style={{ 'block-size': `${props.height ?? 160}px` }} />}>
        <Plot {...shown()} />
        <Show when={table()}>
          <Table {...shown()} />
        </Show>
      </Suspense>
    </figure>
  )
}
