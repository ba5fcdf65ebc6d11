import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import { ago, clock, duration } from '../../ui/format.ts'

type Chain = DatabaseHealth['locks']['chains'][number]

/** State of the database in words. */
export interface StateLine {
  readonly tone: 'ok' | 'critical'
  readonly word: string
  readonly text: string
}

/** `now` in ms since the epoch. */
export function stateLine({ state }: DatabaseHealth, now: number): StateLine {
  const since = `since ${clock(state.since, now)} (${ago(state.since, now)})`
  if (!state.up) return { tone: 'critical', word: 'down', text: `${since}${state.reason ? `: ${state.reason}` : ''}` }
  const facts = [
    since,
    state.version === undefined ? undefined : `PostgreSQL ${state.version}`,
    state.embedded ? 'run by Aura' : undefined,
    state.uptime === undefined ? undefined : `server up for ${duration(state.uptime)}`,
  ]
  return { tone: 'ok', word: 'up', text: facts.filter((fact) => fact !== undefined).join(' · ') }
}

/** States of connections, the most frequent first; names settle ties, so that rows do not jump. */
export const connectionStates = ({ connections }: DatabaseHealth): readonly (readonly [string, number])[] =>
  Object.entries(connections.byState)
    .filter(([, number]) => number > 0)
    .toSorted(([left, a], [right, b]) => b - a || left.localeCompare(right))

/** One wait: who waits for whom, and who is behind it all. */
export interface BlockingRow extends Chain {
  readonly key: string
  /** The process that waits for nobody: ending its transaction ends the whole chain. */
  readonly root: number
  /** How many waits lie between. 1 = waits for the root itself. */
  readonly depth: number
}

/** Follows each wait to its end. A circle (a deadlock about to be resolved) ends where it meets itself. */
export function blockingRows(chains: readonly Chain[]): readonly BlockingRow[] {
  const waitsFor = new Map(chains.map(({ blocked, blocking }) => [blocked, blocking]))
  return chains.map((chain) => {
    const seen = new Set([chain.blocked])
    let root = chain.blocking
    while (waitsFor.has(root) && !seen.has(root)) {
      seen.add(root)
      root = waitsFor.get(root) as number
    }
    return { ...chain, key: `${chain.blocked} ${chain.blocking}`, root, depth: seen.size }
  })
}

/** Mean seconds of a call; undefined before the first. */
export const meanSeconds = ({ seconds, calls }: { seconds: number; calls: number }): number | undefined =>
  calls > 0 ? seconds / calls : undefined

/** Dead share of a table's rows, 0..1. */
export const deadShare = ({ live, dead }: { live?: number; dead?: number }): number | undefined =>
  live === undefined || dead === undefined || live + dead <= 0 ? undefined : dead / (live + dead)

/** Sum of the sizes that are known, bytes; undefined if none is. */
export function totalBytes(items: readonly { bytes?: number }[]): number | undefined {
  const known = items.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]))
  return known.length === 0 ? undefined : known.reduce((sum, bytes) => sum + bytes, 0)
}

/** Replication in one line. */
export function replicationLine({ replication }: DatabaseHealth): string {
  const { isReplica, lagSeconds, replicas, slots, inactiveSlots } = replication
  const said = [
    isReplica ? 'a replica' : 'a primary',
    isReplica && lagSeconds !== undefined ? `${duration(lagSeconds)} behind` : undefined,
    replicas > 0 ? `${replicas} ${replicas === 1 ? 'replica' : 'replicas'} attached` : 'no replica attached',
    slots > 0 ? `${slots} ${slots === 1 ? 'slot' : 'slots'}, ${inactiveSlots} of them idle` : undefined,
  ]
  return said.filter((part) => part !== undefined).join(' · ')
}
