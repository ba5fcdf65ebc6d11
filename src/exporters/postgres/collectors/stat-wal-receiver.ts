import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { requireStatistics } from '../instance.ts'
import { label, num } from '../row.ts'

const receiver = (make: typeof counter, name: string, help: string) =>
  make(`pg_stat_wal_receiver_${name}`, help, 'upstream_host', 'slot_name', 'status')

/** In the order of the statement's columns. */
export const metrics = {
  startLsn: receiver(
    counter,
    'receive_start_lsn',
    'First write-ahead log location used when WAL receiver is started represented as a decimal',
  ),
  startTli: receiver(gauge, 'receive_start_tli', 'First timeline number used when WAL receiver is started'),
  flushedLsn: receiver(
    counter,
    'flushed_lsn',
    'Last write-ahead log location already received and flushed to disk represented as a decimal',
  ),
  receivedTli: receiver(
    gauge,
    'received_tli',
    'Timeline number of last write-ahead log location received and flushed to disk',
  ),
  sendTime: receiver(counter, 'last_msg_send_time', 'Send time of last message received from origin WAL sender'),
  receiptTime: receiver(
    counter,
    'last_msg_receipt_time',
    'Receipt time of last message received from origin WAL sender',
  ),
  endLsn: receiver(counter, 'latest_end_lsn', 'Last write-ahead log location reported to origin WAL sender as integer'),
  endTime: receiver(counter, 'latest_end_time', 'Time of last write-ahead log location reported to origin WAL sender'),
}

const sql = `select sender_host, slot_name, status, receive_start_lsn - '0/0', receive_start_tli, flushed_lsn - '0/0',
  received_tli, extract(epoch from last_msg_send_time)::float8, extract(epoch from last_msg_receipt_time)::float8,
  latest_end_lsn - '0/0', extract(epoch from latest_end_time)::float8 from pg_stat_wal_receiver`

/** What a replica receives from upstream; a primary has no such process and no series. */
export function createStatWalReceiver(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'stat_wal_receiver',
    async read(signal) {
      const [rows] = await Promise.all([db.query(sql, signal), requireStatistics(db, signal)])
      return rows
    },
    write(rows, out) {
      Object.values(metrics).forEach((metric, i) => {
        for (const row of rows) out.set(metric, num(row[i + 3]), ...row.slice(0, 3).map(label))
      })
    },
  }
}
