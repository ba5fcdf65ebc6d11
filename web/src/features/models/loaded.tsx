import { createMemo, For, Show } from 'solid-js'
import type { ModelsStatus } from '../../../../src/features/models/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { quantity } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'
import { PlacementBar } from './placement-bar.tsx'
import { contextText, expiry, kind, loadedOf, placement, sinceText } from './view.ts'

type Model = ModelsStatus['models'][number]

export interface ModelsProps {
  readonly status: ModelsStatus
  readonly stale: boolean
}

/** A card for each model that is in memory now. */
export function LoadedModels(props: ModelsProps) {
  const byName = createMemo(() => new Map(loadedOf(props.status).map((model) => [model.name, model])))
  return (
    <section class="models-section" aria-label="Loaded models">
      <h2>Loaded</h2>
      <Show
        when={byName().size > 0}
        fallback={<p class="models-quiet">No model is in memory. The next request loads one.</p>}
      >
        <div class="cards">
          <For each={[...byName().keys()]}>
            {(name) => (
              <Show when={byName().get(name)}>{(model) => <LoadedCard model={model()} stale={props.stale} />}</Show>
            )}
          </For>
        </div>
      </Show>
    </section>
  )
}

function LoadedCard(props: { readonly model: Model; readonly stale: boolean }) {
  const { now } = useRealtime()
  const place = createMemo(() => placement(props.model))
  return (
    <Card
      title={props.model.name}
      level={3}
      note={kind(props.model)}
      aside={
        <>
          <Show when={props.stale}>
            <Badge tone="neutral">stale</Badge>
          </Show>
          <Badge tone={(place()?.cpu ?? 0) > 0 ? 'warning' : 'ok'}>
            {(place()?.cpu ?? 0) > 0 ? 'loaded, spills' : 'loaded'}
          </Badge>
        </>
      }
    >
      <Show when={place()} fallback={<p class="models-quiet">Ollama does not say how much memory it takes.</p>}>
        {(known) => <PlacementBar name={props.model.name} place={known()} />}
      </Show>
      <div class="stats">
        <Stat label="GPU memory" value={quantity.bytes(props.model.vram)} stale={props.stale} />
        <Stat label="CPU memory" value={quantity.bytes(props.model.ram)} stale={props.stale} />
        <Stat label="Context" value={contextText(props.model)} stale={props.stale} />
        <Stat label="Unloaded" value={expiry(props.model, now())} stale={props.stale} />
        <Stat label="Loaded" value={sinceText(props.model, now())} />
      </div>
    </Card>
  )
}
