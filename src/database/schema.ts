import type { ColumnType, Generated, Kysely } from 'kysely'

/** The one row that says whose database this is. */
export interface InstanceTable {
  /** Always true: there can be only one row. */
  singleton: Generated<boolean>
  id: Generated<string>
  created_at: Generated<Date>
  /** Last start of Aura. */
  started_at: Generated<Date>
}

/** Where the log of a durable topic stands. */
export interface RealtimeTopicTable {
  topic: string
  epoch: string
  /** Of the last message; pg hands out a bigint as text. */
  offset: ColumnType<string, number | undefined, number>
}

/** A message of a durable topic. */
export interface RealtimeLogTable {
  topic: string
  offset: ColumnType<string, number, never>
  ts: Date
  /** JSON of the key, where there is one. */
  key: string | null
  json: string
}

/** An act that needs a second person. */
export interface ApprovalTable {
  id: string
  /** Order of arrival; pg hands out a bigint as text. */
  seq: Generated<string>
  type: string
  /** Canonical JSON. */
  args: string
  summary: string
  object: string
  policy_version: ColumnType<string, number, never>
  hash: string
  state: string
  requested_by: string
  requested_at: Date
  reason: string
  expires_at: Date
  decided_by: string | null
  decided_at: Date | null
  comment: string | null
  /** JSON. */
  outcome: string | null
  /** How often it was begun; more than once only after a crash. */
  attempts: Generated<number>
}

/** Tables and their columns, as the newest migration leaves them. */
export interface Schema {
  'aura.instance': InstanceTable
  'aura.realtime_topic': RealtimeTopicTable
  'aura.realtime_log': RealtimeLogTable
  'aura.approval': ApprovalTable
}

export type Db = Kysely<Schema>
