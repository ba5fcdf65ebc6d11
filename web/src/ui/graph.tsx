import { createMemo, createSignal, createUniqueId, ErrorBoundary, Show, Suspense } from 'solid-js'
import type { GraphProps } from './graph-props.ts'
import { later } from './later.tsx'
import './graph.css'

export type { GraphProps } from './graph-props.ts'

const Plot = later(async () => (await import('./graph-plot.tsx')).GraphPlot)
const Table = later(async () => (await import('./graph-table.tsx')).GraphTable)

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
        {/* A browser that cannot draw still has the numbers, and the rest of the page. */}
        <ErrorBoundary fallback={<p class="graph-failed">This graph could not be drawn; the table has its numbers.</p>}>
          <Plot {...shown()} />
        </ErrorBoundary>
        <Show when={table()}>
          <Table {...shown()} />
        </Show>
      </Suspense>
    </figure>
  )
}
