import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections } from '../connection.ts'
import { readInstance } from '../instance.ts'

export const metrics = {
  start: gauge('pg_postmaster_start_time_seconds', 'Time at which postmaster started'),
}

export function createPostmaster(db: Connections): Collector<number> {
  return {
    name: 'postmaster',
    read: async (signal) => (await readInstance(db, signal)).startTime,
    write: (start, out) => out.set(metrics.start, start),
  }
}
