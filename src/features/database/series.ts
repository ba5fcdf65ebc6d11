import type { Sample } from '../lib/history.ts'
import type { DatabaseHealth } from './contract.ts'

const named = (prefix: string, values: Readonly<Record<string, number | undefined>>) =>
  Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value] as const)

/** The values of one moment under the names they have in the history; none while the server is away. */
export function seriesOf({ state, connections, activity }: DatabaseHealth): Sample {
  if (!state.up) return {}
  return Object.fromEntries([
    ['connections.used', connections.used],
    // States that nobody is in are not listed; of these two that is news.
    ...named('connections.state', { active: 0, 'idle in transaction': 0, ...connections.byState }),
    ...named('activity', activity),
  ])
}
