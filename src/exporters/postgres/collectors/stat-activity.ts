import { gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readActivity, type Process } from '../activity.ts'
import type { Connections } from '../connection.ts'
import { readDatabases } from '../databases-list.ts'

/** Labels that may be added to those every release of postgres_exporter has; each multiplies the series. */
export const extraLabels = ['usename', 'application_name', 'backend_type', 'wait_event_type', 'wait_event'] as const
export type ExtraLabel = (typeof extraLabels)[number]

export const activityMetrics = (extra: readonly ExtraLabel[]): { count: Metric; duration: Metric } => ({
  count: gauge('pg_stat_activity_count', 'number of connections in this state', 'datname', 'state', ...extra),
  duration: gauge(
    'pg_stat_activity_max_tx_duration',
    'max duration in seconds any active transaction has been running',
    'datname',
    'state',
    ...extra,
  ),
})

export const metrics = {
  ...activityMetrics([]),
  waiting: gauge(
    'pg_stat_activity_waiting',
    'Sessions of clients by what they wait for now.',
    'wait_event_type',
    'wait_event',
  ),
}

const states = [
  'active',
  'idle',
  'idle in transaction',
  'idle in transaction (aborted)',
  'fastpath function call',
  'disabled',
]

const valueOf: Record<ExtraLabel, (process: Process) => string> = {
  usename: (process) => process.user,
  application_name: (process) => process.application,
  backend_type: (process) => process.backendType,
  wait_event_type: (process) => process.waitType,
  wait_event: (process) => process.wait,
}

interface Group {
  readonly labels: readonly string[]
  count: number
  duration: number
}

export interface Activity {
  readonly groups: readonly Group[]
  readonly waits: readonly Group[]
}

/** Groups the sessions by their labels; every database and state has a group, empty ones included. */
export function groupActivity(
  databases: readonly string[],
  processes: readonly Process[],
  extra: readonly ExtraLabel[],
): Activity {
  const groups = new Map<string, Group>()
  const waits = new Map<string, Group>()
  const known = new Set(databases)
  for (const process of processes) {
    if (process.backendType === 'client backend' && process.waitType !== '') {
      add(waits, [process.waitType, process.wait], process)
    }
    if (known.has(process.database) && states.includes(process.state)) {
      add(groups, [process.database, process.state, ...extra.map((name) => valueOf[name](process))], process)
    }
  }
  const filled = new Set([...groups.values()].map(({ labels }) => `${labels[0]}\0${labels[1]}`))
  for (const database of databases) {
    for (const state of states) {
      if (filled.has(`${database}\0${state}`)) continue
      add(groups, [database, state, ...extra.map(() => '')])
    }
  }
  return { groups: [...groups.values()], waits: [...waits.values()] }
}

function add(groups: Map<string, Group>, labels: readonly string[], process?: Process): void {
  const key = labels.join('\0')
  let group = groups.get(key)
  if (group === undefined) groups.set(key, (group = { labels, count: 0, duration: 0 }))
  if (process === undefined) return
  group.count++
  group.duration = Math.max(group.duration, process.transactionAge ?? 0)
}

export function createStatActivity(db: Connections, extra: readonly ExtraLabel[]): Collector<Activity> {
  const { count, duration } = extra.length === 0 ? metrics : activityMetrics(extra)
  return {
    name: 'stat_activity',
    async read(signal) {
      const [databases, processes] = await Promise.all([readDatabases(db, signal), readActivity(db, signal)])
      return groupActivity(
        databases.map(({ name }) => name),
        processes,
        extra,
      )
    },
    write({ groups, waits }, out) {
      for (const group of groups) {
        out.set(count, group.count, ...group.labels)
        out.set(duration, group.duration, ...group.labels)
      }
      for (const group of waits) out.set(metrics.waiting, group.count, ...group.labels)
    },
  }
}
