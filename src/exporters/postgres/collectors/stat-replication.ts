import { gauge, untyped } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { requireStatistics } from '../instance.ts'
import { label, num } from '../row.ts'

const labels = ['application_name', 'client_addr', 'state', 'slot_name']
const replication = (name: string, help: string) => gauge(`pg_stat_replication_${name}`, help, ...labels)
const behind = (what: string) => `How far the replica's ${what} position is behind, in bytes.`
const since = (what: string) => `Time from flushing recent WAL here to learning that the replica has ${what} it.`

/** In the order of the statement's columns. */
export const metrics = {
  position: replication('pg_current_wal_lsn_bytes', 'WAL position in bytes'),
  diff: replication('pg_wal_lsn_diff', 'Lag in bytes between master and slave'),
  sent: replication('sent_lag_bytes', behind('sent')),
  written: replication('write_lag_bytes', behind('written')),
  flushed: replication('flush_lag_bytes', behind('flushed')),
  writeLag: replication('write_lag_seconds', since('written')),
  flushLag: replication('flush_lag_seconds', since('flushed')),
  replayLag: replication('replay_lag_seconds', since('replayed')),
  replyTime: untyped('pg_stat_replication_reply_time', 'Send time of the last reply from the replica.', ...labels),
}

const sql = `select r.application_name, host(r.client_addr), r.state, s.slot_name, h.lsn - '0/0', h.lsn - r.replay_lsn,
  h.lsn - r.sent_lsn, h.lsn - r.write_lsn, h.lsn - r.flush_lsn, extract(epoch from r.write_lag)::float8,
  extract(epoch from r.flush_lag)::float8, extract(epoch from r.replay_lag)::float8,
  extract(epoch from r.reply_time)::float8
from pg_stat_replication r left join pg_replication_slots s on s.active_pid = r.pid,
  (select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as lsn) h`

/** Replicas that share all labels (no slot, one host, one name) would collide: the one furthest behind speaks for them. */
export function distinctReplicas(rows: readonly Row[]): Row[] {
  const furthest = new Map<string, Row>()
  for (const row of rows) {
    const key = row.slice(0, 4).map(label).join('\0')
    const known = furthest.get(key)
    if (known === undefined || (num(row[5]) ?? 0) > (num(known[5]) ?? 0)) furthest.set(key, row)
  }
  return [...furthest.values()]
}

/** The replicas that stream from this server. */
export function createStatReplication(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'stat_replication',
    async read(signal) {
      const [rows] = await Promise.all([db.query(sql, signal), requireStatistics(db, signal)])
      return distinctReplicas(rows)
    },
    write(rows, out) {
      Object.values(metrics).forEach((metric, i) => {
        for (const row of rows) out.set(metric, num(row[i + 4]), ...row.slice(0, 4).map(label))
      })
    },
  }
}
