import { sql } from 'kysely'
import type { AuraMigration } from './index.ts'

/** The identity of this Aura, which outlives restarts and moves. */
export const instance: AuraMigration = {
  name: '0001-instance',
  async up(db) {
    await db.schema
      .createTable('aura.instance')
      .addColumn('singleton', 'boolean', (column) =>
        column
          .primaryKey()
          .defaultTo(true)
          .check(sql`singleton`),
      )
      .addColumn('id', 'uuid', (column) => column.notNull().defaultTo(sql`gen_random_uuid()`))
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute()
    await sql`insert into aura.instance default values`.execute(db)
  },
}
