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

/** Tables and their columns, as the newest migration leaves them. */
export interface Schema {
  'aura.instance': InstanceTable
  'aura.realtime_topic': RealtimeTopicTable
  'aura.realtime_log': RealtimeLogTable
}

export type Db = Kysely<Schema>
