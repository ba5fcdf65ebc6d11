import { createMemo, For, Show, type Accessor, type JSX } from 'solid-js'

export interface ByKeyProps<Item> {
  readonly each: readonly Item[]
  readonly by: (item: Item) => string
  readonly fallback?: JSX.Element
  readonly children: (item: Accessor<Item>) => JSX.Element
}

/** A list whose parts stay as they are, with what was typed into them, when it is loaded anew. */
export function ByKey<Item>(props: ByKeyProps<Item>) {
  const byKey = createMemo(() => new Map(props.each.map((item) => [props.by(item), item])))
  return (
    <For each={[...byKey().keys()]} fallback={props.fallback}>
      {(key) => <Show when={byKey().get(key)}>{(item) => props.children(item)}</Show>}
    </For>
  )
}
