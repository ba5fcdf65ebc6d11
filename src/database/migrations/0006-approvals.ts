import { sql } from 'kysely'
import type { AuraMigration } from './index.ts'

/** Acts that wait for, or had, a second person's word. Rows stay: they are what people decided. */
export const approvals: AuraMigration = {
  name: '0006-approvals',
  async up(db) {
    await db.schema
      .createTable('aura.approval')
      .addColumn('id', 'uuid', (column) => column.primaryKey())
      // Order of arrival, for paging: times may be equal, or go back.
      .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity().unique())
      .addColumn('type', 'text', (column) => column.notNull())
      // Not jsonb: what was hashed must come back character by character.
      .addColumn('args', 'text', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('policy_version', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) =>
        column
          .notNull()
          .check(sql`state in ('pending', 'approved', 'running', 'done', 'failed', 'refused', 'expired', 'withdrawn')`),
      )
      .addColumn('requested_by', 'text', (column) => column.notNull())
      .addColumn('requested_at', 'timestamptz', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .addColumn('decided_by', 'text')
      .addColumn('decided_at', 'timestamptz')
      .addColumn('comment', 'text')
      .addColumn('outcome', 'text')
      .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
      // The last line of defence: not even a mistake in our own code lets somebody approve their own request.
      .addCheckConstraint(
        'approval_four_eyes',
        sql`state not in ('approved', 'running', 'done', 'failed') or (decided_by is not null and decided_by <> requested_by)`,
      )
      .execute()
    await sql`create index approval_open on aura.approval (state, seq) where state in ('pending', 'approved', 'running')`.execute(
      db,
    )
  },
}
