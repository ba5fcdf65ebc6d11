import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readCheckpoints, type Checkpoints } from '../checkpoints.ts'
import type { Connections } from '../connection.ts'

const bgwriter = (name: string, help: string) => counter(`pg_stat_bgwriter_${name}_total`, help)

/** On every version, though 17 and later keep part of it in other views: boards and rules still ask for these names. */
export const metrics = {
  timed: bgwriter('checkpoints_timed', 'Number of scheduled checkpoints that have been performed'),
  requested: bgwriter('checkpoints_req', 'Number of requested checkpoints that have been performed'),
  writeTime: bgwriter(
    'checkpoint_write_time',
    'Total amount of time that has been spent in the portion of checkpoint processing where files are written to disk, in milliseconds',
  ),
  syncTime: bgwriter(
    'checkpoint_sync_time',
    'Total amount of time that has been spent in the portion of checkpoint processing where files are synchronized to disk, in milliseconds',
  ),
  buffersWritten: bgwriter('buffers_checkpoint', 'Number of buffers written during checkpoints'),
  buffersClean: bgwriter('buffers_clean', 'Number of buffers written by the background writer'),
  maxwrittenClean: bgwriter(
    'maxwritten_clean',
    'Number of times the background writer stopped a cleaning scan because it had written too many buffers',
  ),
  buffersBackend: bgwriter('buffers_backend', 'Number of buffers written directly by a backend'),
  buffersBackendFsync: bgwriter(
    'buffers_backend_fsync',
    'Number of times a backend had to execute its own fsync call (normally the background writer handles those even when the backend does its own write)',
  ),
  buffersAlloc: bgwriter('buffers_alloc', 'Number of buffers allocated'),
  bgwriterReset: bgwriter('stats_reset', 'Time at which these statistics were last reset'),
}

const keys = Object.keys(metrics) as (keyof typeof metrics)[]

export function createStatBgwriter(db: Connections): Collector<Checkpoints> {
  return {
    name: 'stat_bgwriter',
    read: (signal) => readCheckpoints(db, signal),
    write(reading, out) {
      for (const key of keys) out.set(metrics[key], reading[key])
    },
  }
}
