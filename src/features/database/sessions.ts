import { known } from '../lib/rates.ts'
import type { DatabaseHealth } from './contract.ts'
import type { PostgresReadings, Settings } from './read.ts'

/** A numeric setting, from the line that the exporter publishes. */
export function settingOf(settings: Settings | undefined, name: string): number | undefined {
  const line = settings?.find(({ metric }) => metric.name === `pg_settings_${name}`)?.line
  const value = Number(line?.trim().split(' ').at(-1))
  return line === undefined || Number.isNaN(value) ? undefined : value
}

/** Sessions of clients by state, as pg_stat_activity_count has them. */
export function connectionsOf({ stat_activity, settings }: PostgresReadings): DatabaseHealth['connections'] {
  const byState: Record<string, number> = {}
  for (const { labels, count } of stat_activity?.groups ?? []) {
    const [, state = ''] = labels
    if (count > 0) byState[state] = (byState[state] ?? 0) + count
  }
  const used = Object.values(byState).reduce((sum, count) => sum + count, 0)
  return { used, byState, ...known({ max: settingOf(settings, 'max_connections') }) }
}

/** Longest open transaction by database and state, from `least` seconds on, the longest first. */
export function longTransactionsOf(
  { stat_activity }: PostgresReadings,
  least: number,
): DatabaseHealth['longTransactions'] {
  return (stat_activity?.groups ?? [])
    .filter(({ count, duration }) => count > 0 && duration >= least)
    .map(({ labels: [database = '', state = ''], duration }) => ({ database, state, seconds: duration }))
    .toSorted((a, b) => b.seconds - a.seconds)
}

/** Locks by mode over all databases, and who waits for whom. */
export function locksOf({ locks = [], blocking }: PostgresReadings): DatabaseHealth['locks'] {
  const byMode: Record<string, number> = {}
  for (const { counts } of locks) {
    for (const [mode, count] of counts) byMode[mode] = (byMode[mode] ?? 0) + count
  }
  return {
    waiting: locks.reduce((sum, { waiting }) => sum + waiting, 0),
    byMode,
    chains: (blocking?.pairs ?? []).map(({ blocked, blockingPid }) =>
      known({
        blocked: Number(blocked.pid),
        blocking: Number(blockingPid),
        database: blocked.database,
        seconds: blocked.lockWait,
        user: blocked.user === '' ? undefined : blocked.user,
      }),
    ),
  }
}
