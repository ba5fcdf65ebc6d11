import { createMemo, Show } from 'solid-js'
import type { ModelsStatus } from '../../../../src/features/models/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import { useWholeTopic } from '../whole.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { quantity } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'
import { StateBanner } from '../../ui/state-banner.tsx'
import { PageBanner } from '../page-banner.tsx'
import { InstalledModels } from './installed.tsx'
import { LoadedModels } from './loaded.tsx'
import { awayText, isEmpty, ollamaLine } from './view.ts'
import './models.css'

/** What Ollama holds: installed and loaded models, and whether it is there at all. */
export function Page() {
  const live = useWholeTopic('models')
  return (
    <div class="models">
      <h1>Models</h1>
      <PageBanner live={live()} capability="models:read" />
      <Show when={live().value}>{(status) => <Known status={status()} stale={live().stale} />}</Show>
    </div>
  )
}

function Known(props: { readonly status: ModelsStatus; readonly stale: boolean }) {
  const { now } = useRealtime()
  const away = createMemo(() => awayText(props.status, now()))
  const old = () => props.stale || !props.status.ollama.up
  return (
    <>
      <Show when={away() !== undefined}>
        <StateBanner state="stale" title="Ollama is away">
          {away()}
        </StateBanner>
      </Show>
      <Ollama status={props.status} stale={old()} />
      <Show when={!isEmpty(props.status)} fallback={<NoModel />}>
        <LoadedModels status={props.status} stale={old()} />
        <InstalledModels status={props.status} stale={old()} />
      </Show>
    </>
  )
}

function Ollama(props: { readonly status: ModelsStatus; readonly stale: boolean }) {
  const { now } = useRealtime()
  const line = createMemo(() => ollamaLine(props.status, now()))
  const totals = () => props.status.totals
  return (
    <Card title="Ollama" note={line().text} aside={<Badge tone={line().tone}>{line().word}</Badge>}>
      <div class="stats">
        <Stat label="Installed" value={quantity.count(totals().installed)} stale={props.stale} />
        <Stat label="Loaded" value={quantity.count(totals().loaded)} stale={props.stale} />
        <Stat label="GPU memory" value={quantity.bytes(totals().vram)} stale={props.stale} />
        <Stat label="Spilled to the CPU" value={quantity.bytes(totals().ram)} stale={props.stale} />
      </div>
    </Card>
  )
}

const NoModel = () => (
  <StateBanner state="empty" title="No model is installed">
    Install one on the machine where Ollama runs: <code>ollama pull llama3.2</code>. It appears here by itself.
  </StateBanner>
)
