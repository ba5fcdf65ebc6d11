import { For, Show } from 'solid-js'
import type { Live } from '../../realtime/types.ts'
import { tileKeys } from './tile-views.ts'

/** The place of the tiles and graphs before the first numbers, so that nothing jumps when they come. */
export function Waiting(props: { readonly live: Live<unknown> }) {
  return (
    <Show when={!props.live.denied && !props.live.unavailable}>
      <div class="monitor-waiting" aria-hidden="true">
        <div class="tiles">
          <For each={tileKeys}>{() => <div class="monitor-waiting-tile" />}</For>
        </div>
      </div>
    </Show>
  )
}
