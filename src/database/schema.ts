import type { Generated, Kysely } from 'kysely'

/** The one row that says whose database this is. */
export interface InstanceTable {
  /** Always true: there can be only one row. */
  singleton: Generated<boolean>
  id: Generated<string>
  created_at: Generated<Date>
  /** Last start of Aura. */
  started_at: Generated<Date>
}

/** Tables and their columns, as the newest migration leaves them. */
export interface Schema {
  'aura.instance': InstanceTable
}

export type Db = Kysely<Schema>
