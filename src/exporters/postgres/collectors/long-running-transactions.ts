import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readActivity, type Process } from '../activity.ts'
import type { Connections } from '../connection.ts'

export const metrics = {
  count: gauge('pg_long_running_transactions', 'Current number of long running transactions'),
  oldest: gauge(
    'pg_long_running_transactions_oldest_timestamp_seconds',
    'The current maximum transaction age in seconds',
  ),
}

export interface Transactions {
  readonly count: number
  /** Seconds; 0 when there is none. */
  readonly oldest: number
}

/** Open transactions of all but our own session and autovacuum. */
export function openTransactions(processes: readonly Process[]): Transactions {
  let count = 0
  let oldest = 0
  for (const { state, autovacuum, transactionAge } of processes) {
    if (state === 'idle' || transactionAge === undefined || autovacuum?.startsWith('autovacuum:') === true) continue
    count++
    oldest = Math.max(oldest, transactionAge)
  }
  return { count, oldest }
}

export function createLongRunningTransactions(db: Connections): Collector<Transactions> {
  return {
    name: 'long_running_transactions',
    read: async (signal) => openTransactions(await readActivity(db, signal)),
    write(reading, out) {
      out.set(metrics.count, reading.count)
      out.set(metrics.oldest, reading.oldest)
    },
  }
}
