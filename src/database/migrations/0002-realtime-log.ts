import { sql } from 'kysely'
import type { AuraMigration } from './index.ts'

/** The durable logs of the live bridge: where each topic stands, and what it still has. */
export const realtimeLog: AuraMigration = {
  name: '0002-realtime-log',
  async up(db) {
    // The position outlives the messages: offsets go on after all of them were trimmed.
    await db.schema
      .createTable('aura.realtime_topic')
      .addColumn('topic', 'text', (column) => column.primaryKey())
      .addColumn('epoch', 'text', (column) => column.notNull())
      .addColumn('offset', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createTable('aura.realtime_log')
      .addColumn('topic', 'text', (column) =>
        column.notNull().references('aura.realtime_topic.topic').onDelete('cascade'),
      )
      .addColumn('offset', 'bigint', (column) => column.notNull())
      .addColumn('ts', 'timestamptz', (column) => column.notNull())
      .addColumn('key', 'text')
      // Not jsonb: what was published leaves again byte for byte.
      .addColumn('json', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('realtime_log_pkey', ['topic', 'offset'])
      .execute()
    await sql`comment on table aura.realtime_log is 'Newest messages of durable topics, without holes'`.execute(db)
  },
}
