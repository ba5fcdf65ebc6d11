import type { ColumnType, Generated } from 'kysely'

/** Something in the audit log that somebody should look at. There is one open alert for each rule and key. */
export interface SecurityAlertTable {
  /** pg hands out a bigint as text. */
  id: Generated<string>
  rule: string
  key: string
  severity: string
  summary: string
  actor: string | null
  /** Kept here and never published, so that it can be erased. */
  address: string | null
  count: ColumnType<string, number, number>
  /** The newest rows of the log that tell of it. */
  seqs: string[]
  first_at: Date
  last_at: Date
  acknowledged_by: string | null
  acknowledged_at: Date | null
  comment: string | null
}

/** The one row that says up to where the log was looked at. */
export interface SecurityCursorTable {
  singleton: Generated<boolean>
  seq: ColumnType<string, number, number>
}

/** Where a user has signed in from before: a hash of browser and network. */
export interface KnownDeviceTable {
  user_id: string
  device: Buffer
  last_seen_at: Date
}

export interface AlertSchema {
  'aura.security_alert': SecurityAlertTable
  'aura.security_cursor': SecurityCursorTable
  'aura.known_device': KnownDeviceTable
}
