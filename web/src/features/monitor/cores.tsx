import { Index } from 'solid-js'
import { Bar } from '../../ui/bar.tsx'
import { percent } from '../../ui/format.ts'

/** Every processor core as a bar with its number. */
export function Cores(props: { readonly shares: readonly number[] }) {
  return (
    <ul class="monitor-cores" aria-label="Processor cores">
      <Index each={props.shares}>
        {(share, core) => (
          <li>
            <span class="monitor-core-name">core {core}</span>
            <Bar label={`Core ${core}`} value={share()} text={percent(share())} />
            <span class="monitor-core-value">{percent(share())}</span>
          </li>
        )}
      </Index>
    </ul>
  )
}
