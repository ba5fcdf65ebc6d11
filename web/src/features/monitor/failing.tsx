import { For, Show } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'

/** Sources that brought nothing this time, each with its reason; nothing while all is well. */
export function Failing(props: { readonly sources: Readonly<Record<string, string>>; readonly of: string }) {
  const entries = () => Object.entries(props.sources)
  return (
    <Show when={entries().length > 0}>
      <section class="monitor-failing" aria-label={`Sources of ${props.of} that fail`}>
        <p>
          <Badge tone="warning">{entries().length === 1 ? '1 source fails' : `${entries().length} sources fail`}</Badge>{' '}
          What they tell of {props.of} is left out.
        </p>
        <ul>
          <For each={entries()}>
            {([source, reason]) => (
              <li>
                <strong>{source}</strong>: {reason}
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
