import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readActivity, type Process } from '../activity.ts'
import type { Connections } from '../connection.ts'

export const metrics = {
  start: gauge(
    'pg_stat_activity_autovacuum_timestamp_seconds',
    'Start timestamp of the vacuum process in seconds',
    'relname',
  ),
}

/** Table -> start of the oldest autovacuum that works on it (several databases may hold tables of one name). */
export function autovacuums(processes: readonly Process[]): Map<string, number> {
  const starts = new Map<string, number>()
  for (const { autovacuum, transactionStart } of processes) {
    if (autovacuum?.startsWith('autovacuum:') !== true || transactionStart === undefined) continue
    const table = autovacuum.split('.')[1] ?? ''
    starts.set(table, Math.min(starts.get(table) ?? Infinity, transactionStart))
  }
  return starts
}

export function createStatActivityAutovacuum(db: Connections): Collector<Map<string, number>> {
  return {
    name: 'stat_activity_autovacuum',
    read: async (signal) => autovacuums(await readActivity(db, signal)),
    write(reading, out) {
      for (const [table, start] of reading) out.set(metrics.start, start, table)
    },
  }
}
