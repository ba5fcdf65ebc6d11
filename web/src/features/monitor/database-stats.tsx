import { createMemo, For, Show } from 'solid-js'
import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import { Bar } from '../../ui/bar.tsx'
import { count, quantity } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'
import { connectionStates, replicationLine, totalBytes } from './database-view.ts'
import { ratio } from './tile-views.ts'

interface StatsProps {
  readonly health: DatabaseHealth
  readonly stale: boolean
}

/** The figures of the database. */
export function DatabaseStats(props: StatsProps) {
  const activity = () => props.health.activity
  const each = (label: string, value: () => number | undefined) => (
    <Stat label={label} value={quantity.count(value())} note="per second" stale={props.stale} />
  )
  return (
    <>
      <div class="stats">
        <Connections {...props} />
        <Stat label="Cache hit" value={quantity.percent(activity().cacheHit)} stale={props.stale} />
        {each('Commits', () => activity().commits)}
        {each('Rollbacks', () => activity().rollbacks)}
        {each('Deadlocks', () => activity().deadlocks)}
        {each('Rows read', () => activity().tuplesRead)}
        {each('Rows written', () => activity().tuplesWritten)}
        <Stat
          label="Size"
          value={quantity.bytes(totalBytes(props.health.databases))}
          note={`${props.health.databases.length} databases`}
          stale={props.stale}
        />
        <Locks {...props} />
      </div>
      <p class="monitor-line">
        <span class="monitor-quiet">Replication:</span> {replicationLine(props.health)}
      </p>
    </>
  )
}

function Connections(props: StatsProps) {
  const states = createMemo(() => connectionStates(props.health))
  const used = () => props.health.connections.used
  const max = () => props.health.connections.max
  const text = () => `${used()} of ${count(max())}`
  return (
    <div class="monitor-connections">
      <Stat
        label="Connections"
        value={quantity.count(used())}
        note={max() === undefined ? undefined : `of ${max()}, without the one that asks`}
        stale={props.stale}
      />
      <Bar label="Connections in use" value={ratio(used(), max())} text={text()} />
      <ul class="monitor-words" aria-label="Connections by state">
        <For each={states()}>
          {([state, number]) => (
            <li>
              {state}: {number}
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}

function Locks(props: StatsProps) {
  const modes = () => Object.entries(props.health.locks.byMode).filter(([, number]) => number > 0)
  return (
    <div class="monitor-connections">
      <Stat label="Waiting for locks" value={quantity.count(props.health.locks.waiting)} stale={props.stale} />
      <Show when={modes().length > 0}>
        <ul class="monitor-words" aria-label="Locks by mode">
          <For each={modes()}>
            {([mode, number]) => (
              <li>
                {mode}: {number}
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  )
}
