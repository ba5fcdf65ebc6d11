import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readCheckpoints, type Checkpoints } from '../checkpoints.ts'
import type { Connections } from '../connection.ts'

const checkpointer = (name: string, help: string) => counter(`pg_stat_checkpointer_${name}_total`, help)

/** On every version: before 17 from pg_stat_bgwriter, without the restart points, which it did not count apart. */
export const metrics = {
  timed: checkpointer('num_timed', 'Number of scheduled checkpoints due to timeout'),
  requested: checkpointer('num_requested', 'Number of requested checkpoints that have been performed'),
  done: checkpointer('num_done', 'Number of checkpoints that have been completed'),
  restartpointsTimed: checkpointer(
    'restartpoints_timed',
    'Number of scheduled restartpoints due to timeout or after a failed attempt to perform it',
  ),
  restartpointsRequested: checkpointer('restartpoints_req', 'Number of requested restartpoints'),
  restartpointsDone: checkpointer('restartpoints_done', 'Number of restartpoints that have been performed'),
  writeTime: checkpointer(
    'write_time',
    'Total amount of time that has been spent in the portion of processing checkpoints and restartpoints where files are written to disk, in milliseconds',
  ),
  syncTime: checkpointer(
    'sync_time',
    'Total amount of time that has been spent in the portion of processing checkpoints and restartpoints where files are synchronized to disk, in milliseconds',
  ),
  buffersWritten: checkpointer('buffers_written', 'Number of buffers written during checkpoints and restartpoints'),
  slruWritten: checkpointer('slru_written', 'Number of SLRU buffers written during checkpoints and restartpoints'),
  checkpointerReset: checkpointer('stats_reset', 'Time at which these statistics were last reset'),
}

const keys = Object.keys(metrics) as (keyof typeof metrics)[]

export function createStatCheckpointer(db: Connections): Collector<Checkpoints> {
  return {
    name: 'stat_checkpointer',
    read: (signal) => readCheckpoints(db, signal),
    write(reading, out) {
      for (const key of keys) out.set(metrics[key], reading[key])
    },
  }
}
