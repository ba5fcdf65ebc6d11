import type { ColumnType, Generated } from 'kysely'

/** A row of the chain. Never updated, never deleted but by a cut at a checkpoint. */
export interface AuditLogTable {
  /** pg hands out a bigint as text. */
  seq: ColumnType<string, number, never>
  ts: Date
  /** Canonical JSON of the row without hashes: what was hashed, byte for byte. */
  body: string
  prev_hash: Buffer
  hash: Buffer
  /** For filters; `verify` compares them with the body. */
  actor: string
  action: string
  object: string | null
  decision: string
  request_id: string | null
}

/** Addresses, apart from the chain, so that erasing them breaks no hash. */
export interface AuditAddressTable {
  /** What the chain says instead. */
  ref: string
  actor: string
  ip: string
  /** When it was last seen: no row after that refers to it. */
  last_at: Date
}

/** Where the log was cut: rows up to here were removed. The chain goes on from its hash. */
export interface AuditBoundaryTable {
  seq: string
  hash: Buffer
  /** Of the checkpoint, as it was signed. */
  time: string
  signature: string
  cut_at: Generated<Date>
}

export interface AuditSchema {
  'audit.log': AuditLogTable
  'audit.boundary': AuditBoundaryTable
  'aura.audit_address': AuditAddressTable
}
