import { Tabs as Ark } from '@ark-ui/solid/tabs'
import { For, type JSX } from 'solid-js'
import './tabs.css'

export interface Tab {
  readonly id: string
  readonly label: string
  /** Rendered once it is first chosen. */
  readonly content: () => JSX.Element
}

export interface TabsProps {
  /** What is chosen among. */
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly value?: string
  readonly onChange?: (id: string) => void
}

/** Panels of which one is shown; arrow keys choose. */
export function Tabs(props: TabsProps) {
  return (
    <Ark.Root
      defaultValue={props.value ?? props.tabs[0]?.id ?? ''}
      onValueChange={({ value }) => props.onChange?.(value)}
      lazyMount
    >
      <Ark.List class="tabs-list" aria-label={props.label}>
        <For each={props.tabs}>
          {(tab) => (
            <Ark.Trigger class="tabs-tab" value={tab.id}>
              {tab.label}
            </Ark.Trigger>
          )}
        </For>
      </Ark.List>
      <For each={props.tabs}>
        {(tab) => (
          <Ark.Content class="tabs-panel" value={tab.id}>
            {tab.content()}
          </Ark.Content>
        )}
      </For>
    </Ark.Root>
  )
}
