import { useSearchParams } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { useWholeTopic } from '../whole.ts'
import { PageBanner } from '../page-banner.tsx'
import { Alerts } from './alerts.tsx'
import { Database } from './database.tsx'
import { Details } from './details.tsx'
import { createDrawn } from './drawn.ts'
import { Failing } from './failing.tsx'
import { Gpus } from './gpus.tsx'
import { Graphs } from './graphs.tsx'
import { Overview } from './overview.tsx'
import { createPausable } from './pausable.ts'
import { rangeOf } from './ranges.ts'
import { tileKeys, type TileKey } from './tile-views.ts'
import { Toolbar } from './toolbar.tsx'
import './monitor.css'

const keyOf = (text: unknown): TileKey | undefined => tileKeys.find((key) => key === text)

/** Returns the focus to the tile whose details are being closed. */
const focusTile = () => document.querySelector<HTMLElement>('.tile-open[aria-expanded="true"]')?.focus()

/** This machine, its database and its alerts, live. */
export function Page() {
  const [query, setQuery] = useSearchParams()
  const [paused, setPaused] = createSignal(false)
  const range = () => rangeOf(query['range'])
  const open = () => keyOf(query['show'])
  const live = useWholeTopic('system')
  const system = createPausable(live, paused)
  const database = createPausable(useWholeTopic('database'), paused)
  const alerts = useWholeTopic('alerts')
  const { recent, drawn } = createDrawn({ system: live, range, paused })
  const toggle = (key: TileKey) => setQuery({ show: open() === key ? null : key }, { scroll: false })
  const close = () => {
    focusTile()
    setQuery({ show: null }, { scroll: false })
  }
  return (
    <div class="monitor">
      <header class="monitor-head">
        <h1>Monitor</h1>
        <Toolbar
          range={range()}
          onRange={(to) => setQuery({ range: String(to) }, { scroll: false })}
          paused={paused()}
          onPause={() => setPaused(!paused())}
          ts={system().ts}
        />
      </header>
      <PageBanner live={live()} capability="system:read" />
      <Alerts live={alerts()} />
      <Show when={system().value}>
        {(value) => (
          <>
            <Failing sources={value().failing} of="this machine" />
            <Overview system={value()} recent={recent()} stale={live().stale} open={open()} onOpen={toggle} />
            <Show when={open()} keyed>
              {(tile) => <Details tile={tile} system={value()} drawn={drawn()} onClose={close} />}
            </Show>
            <Graphs system={value()} drawn={drawn()} />
            <Gpus system={value()} drawn={drawn()} stale={live().stale} />
          </>
        )}
      </Show>
      <Database live={database()} />
    </div>
  )
}
