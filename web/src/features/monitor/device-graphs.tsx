import { createMemo, For } from 'solid-js'
import { Disclosure } from '../../ui/disclosure.tsx'
import type { Drawn } from './drawn.ts'
import type { GraphSpec } from './graph-specs.ts'
import { SeriesGraphs } from './series-graph.tsx'

export interface DeviceGraphsProps {
  readonly names: readonly string[]
  readonly specs: (name: string) => readonly GraphSpec[]
  readonly drawn: Drawn
}

/** Each device behind a button, drawn only while it is open. */
export function DeviceGraphs(props: DeviceGraphsProps) {
  // By name, so that an open one stays open while its numbers change.
  const names = createMemo(() => props.names.toSorted((left, right) => left.localeCompare(right)), undefined, {
    equals: (before, after) => before.join('\n') === after.join('\n'),
  })
  return (
    <div class="monitor-devices">
      <For each={names()}>
        {(name) => (
          <Disclosure label={`Graph of ${name}`}>
            <SeriesGraphs specs={props.specs(name)} drawn={props.drawn} />
          </Disclosure>
        )}
      </For>
    </div>
  )
}
