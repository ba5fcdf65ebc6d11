import { createMemo, Match, onMount, Show, Switch } from 'solid-js'
import { Card } from '../../ui/card.tsx'
import { Cores } from './cores.tsx'
import { Disks, Filesystems, Networks, Temperatures, type DevicesProps } from './devices.tsx'
import { detailGraphs } from './graph-specs.ts'
import { MemoryParts } from './memory-parts.tsx'
import { SeriesGraphs } from './series-graph.tsx'
import { tileView, type TileKey } from './tile-views.ts'

export interface DetailsProps extends DevicesProps {
  readonly tile: TileKey
  readonly onClose: () => void
}

/** What lies behind a tile: its graph, its parts, and every device with a graph of its own. */
export function Details(props: DetailsProps) {
  let element: HTMLDivElement | undefined
  const specs = createMemo(() => detailGraphs(props.tile, props.system))
  onMount(() => element?.focus())
  return (
    <div ref={(made) => (element = made)} tabindex="-1" class="monitor-details" role="group" aria-label="Details">
      <Card
        title={tileView(props.tile, props.system).title}
        wide
        aside={
          <button type="button" class="button-quiet" onClick={() => props.onClose()}>
            Close
          </button>
        }
      >
        <Show when={specs().length > 0}>
          <SeriesGraphs specs={specs()} drawn={props.drawn} />
        </Show>
        <Parts {...props} />
      </Card>
    </div>
  )
}

function Parts(props: DetailsProps) {
  return (
    <Switch>
      <Match when={props.tile === 'cpu'}>
        <Cores shares={props.system.cpu.perCore} />
      </Match>
      <Match when={props.tile === 'memory' || props.tile === 'swap'}>
        <MemoryParts memory={props.system.memory} />
      </Match>
      <Match when={props.tile === 'disks'}>
        <Disks {...props} />
      </Match>
      <Match when={props.tile === 'filesystems'}>
        <Filesystems {...props} />
      </Match>
      <Match when={props.tile === 'network'}>
        <Networks {...props} />
      </Match>
      <Match when={props.tile === 'temperatures'}>
        <Temperatures {...props} />
      </Match>
    </Switch>
  )
}
