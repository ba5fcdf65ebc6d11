import { createMemo, Show } from 'solid-js'
import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import type { Live } from '../../realtime/types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Deferred } from '../../ui/deferred.tsx'
import { later } from '../../ui/later.tsx'
import { StateBanner } from '../../ui/state-banner.tsx'
import { DatabaseStats } from './database-stats.tsx'
import { stateLine } from './database-view.ts'
import type { Drawn } from './drawn.ts'
import { Failing } from './failing.tsx'
import { databaseGraphs } from './graph-specs.ts'
import { SeriesGraphs } from './series-graph.tsx'

const DatabaseTables = later(async () => (await import('./database-tables.tsx')).DatabaseTables)

export interface DatabaseProps {
  readonly live: Live<DatabaseHealth>
  readonly drawn: Drawn
}

/** PostgreSQL as it is, or why that is not known. */
export function Database(props: DatabaseProps) {
  const waiting = () =>
    props.live.denied
      ? { state: 'no-permission' as const, text: 'Reading the database’s health takes the capability database:read.' }
      : { state: 'loading' as const, text: 'Waiting for the first numbers of the database.' }
  return (
    <Show
      when={props.live.value}
      fallback={
        <Card title="Database" wide>
          <StateBanner state={waiting().state}>{waiting().text}</StateBanner>
        </Card>
      }
    >
      {(health) => <Known health={health()} stale={props.live.stale} drawn={props.drawn} />}
    </Show>
  )
}

function Known(props: { readonly health: DatabaseHealth; readonly stale: boolean; readonly drawn: Drawn }) {
  const { now } = useRealtime()
  const line = createMemo(() => stateLine(props.health, now()))
  const specs = createMemo(() => databaseGraphs(props.health))
  const old = () => props.stale || !props.health.state.up
  return (
    <Card
      title="Database"
      wide
      note={line().text}
      aside={
        <>
          <Show when={old()}>
            <Badge tone="neutral">stale</Badge>
          </Show>
          <Badge tone={line().tone}>{line().word}</Badge>
        </>
      }
    >
      <Show when={!props.health.state.up}>
        <StateBanner state="error" title="The database is down">
          What follows is what was last known of it. {props.health.state.reason}
        </StateBanner>
      </Show>
      <Failing sources={props.health.failing} of="the database" />
      <DatabaseStats health={props.health} stale={old()} />
      <Show when={props.drawn.problem}>
        <p class="monitor-quiet">{props.drawn.problem}</p>
      </Show>
      <SeriesGraphs specs={specs()} drawn={props.drawn} />
      <Deferred>
        <DatabaseTables health={props.health} />
      </Deferred>
    </Card>
  )
}
