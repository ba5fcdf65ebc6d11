import { createMemo, For, Show } from 'solid-js'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { Bar } from '../../ui/bar.tsx'
import { text, type Quantity } from '../../ui/format.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import type { Drawn } from './drawn.ts'
import { sparkOf } from './sparks.ts'
import { tileKeys, tileView, type TileKey } from './tile-views.ts'

export interface OverviewProps {
  readonly system: SystemMetrics
  readonly recent: Drawn
  readonly stale: boolean
  readonly open: TileKey | undefined
  readonly onOpen: (key: TileKey) => void
}

const words = (value: Quantity | string): string => (typeof value === 'string' ? value : text(value))

/** Every tile of this machine. */
export function Overview(props: OverviewProps) {
  return (
    <Tiles label="This machine">
      <For each={tileKeys}>{(key) => <OverviewTile {...props} key={key} />}</For>
    </Tiles>
  )
}

function OverviewTile(props: OverviewProps & { readonly key: TileKey }) {
  const view = createMemo(() => tileView(props.key, props.system))
  const spark = createMemo(() => sparkOf(props.key, props.system))
  return (
    <Tile
      title={view().title}
      value={view().value}
      note={view().note}
      level={view().level}
      stale={props.stale}
      open={props.open === props.key}
      onOpen={props.key === 'uptime' ? undefined : () => props.onOpen(props.key)}
    >
      <Show
        when={spark()}
        fallback={
          <Show when={view().share !== undefined}>
            <Bar label={view().title} value={view().share} text={words(view().value)} level={view().level} />
          </Show>
        }
      >
        {(drawn) => (
          <Sparkline
            label={`${view().title} over the last 5 min, now ${words(view().value)}`}
            values={props.recent.column(drawn().name)}
            max={drawn().max}
            thresholds={drawn().thresholds}
          />
        )}
      </Show>
    </Tile>
  )
}
