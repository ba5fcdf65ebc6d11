import type { Connections, Row } from './connection.ts'
import { num } from './row.ts'

/**
 * What the background writer and the checkpointer have done, whatever view holds it: 17 moved the checkpoints to a view
 * of their own and the writes of ordinary sessions to pg_stat_io. Times in milliseconds, as the server counts them.
 */
export interface Checkpoints {
  readonly timed: number | undefined
  readonly requested: number | undefined
  readonly done: number | undefined
  readonly restartpointsTimed: number | undefined
  readonly restartpointsRequested: number | undefined
  readonly restartpointsDone: number | undefined
  readonly writeTime: number | undefined
  readonly syncTime: number | undefined
  readonly buffersWritten: number | undefined
  readonly slruWritten: number | undefined
  readonly checkpointerReset: number | undefined
  readonly buffersClean: number | undefined
  readonly maxwrittenClean: number | undefined
  readonly buffersBackend: number | undefined
  readonly buffersBackendFsync: number | undefined
  readonly buffersAlloc: number | undefined
  readonly bgwriterReset: number | undefined
}

const epoch = (column: string): string => `extract(epoch from ${column})::float8`

const until16 = `select checkpoints_timed, checkpoints_req, null, null, null, null, checkpoint_write_time,
  checkpoint_sync_time, buffers_checkpoint, null, ${epoch('stats_reset')}, buffers_clean, maxwritten_clean, buffers_backend,
  buffers_backend_fsync, buffers_alloc, ${epoch('stats_reset')} from pg_stat_bgwriter`

/** Blocks written by sessions: 18 counts bytes, since one write may hold several blocks; 17 one block per write. */
const backendWrites = (version: number): string =>
  version >= 180_000 ? "sum(write_bytes) / current_setting('block_size')::int8" : 'sum(writes)'

const sql = (version: number): string => (version >= 170_000 ? since17(version) : until16)

const since17 = (version: number): string => `select c.num_timed, c.num_requested,
  ${version >= 180_000 ? 'c.num_done' : 'null'}, c.restartpoints_timed, c.restartpoints_req, c.restartpoints_done,
  c.write_time, c.sync_time, c.buffers_written, ${version >= 180_000 ? 'c.slru_written' : 'null'},
  ${epoch('c.stats_reset')}, b.buffers_clean, b.maxwritten_clean, trunc(io.written), io.synced, b.buffers_alloc,
  ${epoch('b.stats_reset')} from pg_stat_checkpointer c, pg_stat_bgwriter b,
  (select ${backendWrites(version)} as written, sum(fsyncs) as synced from pg_stat_io
    where object = 'relation' and backend_type not in ('background writer', 'checkpointer')) io`

export function parseCheckpoints(row: Row | undefined): Checkpoints {
  const at = (index: number): number | undefined => num(row?.[index])
  return {
    timed: at(0),
    requested: at(1),
    done: at(2),
    restartpointsTimed: at(3),
    restartpointsRequested: at(4),
    restartpointsDone: at(5),
    writeTime: at(6),
    syncTime: at(7),
    buffersWritten: at(8),
    slruWritten: at(9),
    checkpointerReset: at(10),
    buffersClean: at(11),
    maxwrittenClean: at(12),
    buffersBackend: at(13),
    buffersBackendFsync: at(14),
    buffersAlloc: at(15),
    bgwriterReset: at(16),
  }
}

/** One statement per scrape for both collectors that publish it. */
export async function readCheckpoints(db: Connections, signal: AbortSignal): Promise<Checkpoints> {
  const [row] = await db.query(sql, signal)
  return parseCheckpoints(row)
}
