import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { flag, label, num } from '../row.ts'

const slot = (name: string, help: string) => {
  const labels = ['slot_name', 'slot_type', ...(name.endsWith('wal_status') ? ['wal_status'] : [])]
  return {
    now: gauge(`pg_replication_slots_${name}`, help, ...labels),
    old: gauge(`pg_replication_slot_${name}`, help, ...labels),
  }
}

/** `now` and `old`: 0.20 renamed these from pg_replication_slot_ to pg_replication_slots_; boards ask for either. */
export const slotMetrics = {
  position: slot('slot_current_wal_lsn', 'current wal lsn value'),
  confirmed: slot('slot_confirmed_flush_lsn', 'last lsn confirmed flushed to the replication slot'),
  isActive: slot('slot_is_active', 'whether the replication slot is active or not'),
  safeSize: slot(
    'safe_wal_size_bytes',
    'number of bytes that can be written to WAL such that this slot is not in danger of getting in state lost',
  ),
  walStatus: slot('wal_status', 'availability of WAL files claimed by this slot'),
}

export const metrics = {
  active: gauge('pg_replication_slots_active', 'Flag indicating if the slot is active', 'slot_name', 'database'),
  diff: gauge('pg_replication_slots_pg_wal_lsn_diff', 'Replication lag in bytes', 'slot_name', 'database'),
  inactiveSince: gauge(
    'pg_replication_slots_inactive_since_timestamp_seconds',
    'When the slot became inactive; absent while it is active, and before PostgreSQL 17.',
    'slot_name',
    'slot_type',
  ),
}

export interface Slot {
  readonly name: string
  readonly type: string
  readonly database: string
  readonly active: number | undefined
  readonly behind: number | undefined
  readonly position: number | undefined
  /** Unknown for a physical slot, whose reader confirms nothing. */
  readonly confirmed: number | undefined
  readonly safeSize: number | undefined
  readonly walStatus: string
  readonly inactiveSince: number | undefined
}

const sql = (
  version: number,
): string => `select slot_name, slot_type, database, active, h.lsn - restart_lsn, h.lsn - '0/0',
  confirmed_flush_lsn - '0/0', safe_wal_size, wal_status,
  ${version >= 170_000 ? 'extract(epoch from inactive_since)::float8' : 'null'}
from pg_replication_slots,
  (select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as lsn) h`

export const parseSlot = (row: Row): Slot => ({
  name: label(row[0]),
  type: label(row[1]),
  database: label(row[2]),
  active: flag(row[3]),
  behind: num(row[4]),
  position: num(row[5]),
  confirmed: num(row[6]),
  safeSize: num(row[7]),
  walStatus: label(row[8]),
  inactiveSince: num(row[9]),
})

export function createReplicationSlots(db: Connections): Collector<Slot[]> {
  return {
    name: 'replication_slots',
    read: async (signal) => (await db.query(sql, signal)).map(parseSlot),
    write(slots, out) {
      for (const { name, type, database, active, behind, inactiveSince } of slots) {
        out.set(metrics.active, active, name, database)
        out.set(metrics.diff, behind, name, database)
        out.set(metrics.inactiveSince, inactiveSince, name, type)
      }
      for (const spelling of ['now', 'old'] as const) {
        for (const { name, type, position, confirmed, active, safeSize, walStatus } of slots) {
          out.set(slotMetrics.position[spelling], position, name, type)
          out.set(slotMetrics.confirmed[spelling], confirmed, name, type)
          out.set(slotMetrics.isActive[spelling], active, name, type)
          out.set(slotMetrics.safeSize[spelling], safeSize, name, type)
          if (walStatus !== '') out.set(slotMetrics.walStatus[spelling], 1, name, type, walStatus)
        }
      }
    },
  }
}
