import { Show } from 'solid-js'
import { clock } from '../../ui/format.ts'
import { Segments } from '../../ui/segments.tsx'
import { ranges, type Range } from './ranges.ts'

export interface ToolbarProps {
  readonly range: Range
  readonly onRange: (range: Range) => void
  readonly paused: boolean
  readonly onPause: () => void
  /** ms since the epoch of what is shown. */
  readonly ts: number | undefined
}

/** Range of the graphs, and the button that holds the page. */
export function Toolbar(props: ToolbarProps) {
  return (
    <div class="monitor-toolbar" role="group" aria-label="Graphs">
      <Segments label="Range of the graphs" options={ranges} value={props.range} onChange={(to) => props.onRange(to)} />
      <button type="button" class="button" aria-pressed={props.paused} onClick={() => props.onPause()}>
        {props.paused ? 'Resume' : 'Pause'}
      </button>
      <Show when={props.paused}>
        <span role="status">Paused: numbers as of {clock(props.ts)}</span>
      </Show>
    </div>
  )
}
