import { histogram, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readActivity, type Process } from '../activity.ts'
import type { Connections } from '../connection.ts'

const idle = histogram('pg_process_idle_seconds', 'Idle time of server processes', 'state', 'application_name')

const part = (suffix: string, labels: readonly string[] = idle.labels, header = ''): Metric => ({
  ...idle,
  name: idle.name + suffix,
  labels,
  header,
})

/** The parts of one histogram; only the first carries HELP and TYPE. */
export const metrics = {
  bucket: part('_bucket', [...idle.labels, 'le'], idle.header),
  sum: part('_sum'),
  count: part('_count'),
}

const bounds = [1, 2, 5, 15, 30, 60, 90, 120, 300]

/** Applications with a histogram of their own; the sessions of all others share `application_name="other"`. */
const applications = 20

export interface Idle {
  readonly state: string
  readonly application: string
  /** Sessions idle for at most each of the bounds. */
  readonly buckets: number[]
  sum: number
  count: number
}

export function idleTimes(processes: readonly Process[]): Idle[] {
  const sessions = processes.filter(({ state, stateAge }) => state.startsWith('idle') && stateAge !== undefined)
  const sizes = new Map<string, number>()
  for (const { application } of sessions) sizes.set(application, (sizes.get(application) ?? 0) + 1)
  const largest = [...sizes].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, applications)
  const own = new Set(largest.map(([application]) => application))
  const groups = new Map<string, Idle>()
  for (const process of sessions) {
    const application = own.has(process.application) ? process.application : 'other'
    const key = `${process.state}\0${application}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { state: process.state, application, buckets: bounds.map(() => 0), sum: 0, count: 0 }
      groups.set(key, group)
    }
    observe(group, process.stateAge ?? 0)
  }
  return [...groups.values()]
}

function observe(group: Idle, seconds: number): void {
  group.count++
  group.sum += Math.floor(seconds)
  bounds.forEach((bound, i) => {
    if (seconds <= bound) group.buckets[i] = (group.buckets[i] ?? 0) + 1
  })
}

export function createProcessIdle(db: Connections): Collector<Idle[]> {
  return {
    name: 'process_idle',
    read: async (signal) => idleTimes(await readActivity(db, signal)),
    write(reading, out) {
      for (const { state, application, buckets, count } of reading) {
        bounds.forEach((bound, i) => out.set(metrics.bucket, buckets[i], state, application, String(bound)))
        out.set(metrics.bucket, count, state, application, '+Inf')
      }
      for (const { state, application, sum } of reading) out.set(metrics.sum, sum, state, application)
      for (const { state, application, count } of reading) out.set(metrics.count, count, state, application)
    },
  }
}
