import { useSearchParams } from '@solidjs/router'
import { createSignal, Show, Suspense } from 'solid-js'
import { useWholeTopic } from '../whole.ts'
import { PageBanner } from '../page-banner.tsx'
import { Deferred } from '../../ui/deferred.tsx'
import { later } from '../../ui/later.tsx'
import { Alerts } from './alerts.tsx'
import { createDatabaseDrawn, createDrawn } from './drawn.ts'
import { Failing } from './failing.tsx'
import { Graphs } from './graphs.tsx'
import { Overview } from './overview.tsx'
import { createPausable } from './pausable.ts'
import { rangeOf } from './ranges.ts'
import { tileKeys, type TileKey } from './tile-views.ts'
import { Toolbar } from './toolbar.tsx'
import { Waiting } from './waiting.tsx'
import './monitor.css'

const keyOf = (text: unknown): TileKey | undefined => tileKeys.find((key) => key === text)

// Needed only when a tile is opened, where there is a GPU, and below the fold.
const Details = later(async () => (await import('./details.tsx')).Details)
const Gpus = later(async () => (await import('./gpus.tsx')).Gpus)
const Database = later(async () => (await import('./database.tsx')).Database)

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
  const liveDatabase = useWholeTopic('database')
  const database = createPausable(liveDatabase, paused)
  const alerts = useWholeTopic('alerts')
  const { recent, drawn } = createDrawn({ system: live, range, paused })
  const databaseDrawn = createDatabaseDrawn(liveDatabase, { range, paused })
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
      <Alerts live={alerts()} />
      <PageBanner live={live()} capability="system:read" />
      <Show when={system().value} fallback={<Waiting live={live()} />}>
        {(value) => (
          <>
            <Failing sources={value().failing} of="this machine" />
            <Overview system={value()} recent={recent()} stale={live().stale} open={open()} onOpen={toggle} />
            <Show when={open()} keyed>
              {(tile) => (
                <Suspense>
                  <Details tile={tile} system={value()} drawn={drawn()} onClose={close} />
                </Suspense>
              )}
            </Show>
            <Graphs system={value()} drawn={drawn()} />
            <Show when={value().gpus.length > 0}>
              <Deferred>
                <Gpus system={value()} drawn={drawn()} stale={live().stale} />
              </Deferred>
            </Show>
          </>
        )}
      </Show>
      <Deferred>
        <Database live={database()} drawn={databaseDrawn()} />
      </Deferred>
    </div>
  )
}
