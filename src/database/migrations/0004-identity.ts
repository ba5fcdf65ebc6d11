import { sql, type Kysely } from 'kysely'
import type { AuraMigration } from './index.ts'

async function users(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('aura.user')
    .addColumn('id', 'text', (column) => column.primaryKey())
    // Null once erased: the id alone is left, for the audit log.
    .addColumn('login', 'text')
    .addColumn('login_key', 'text', (column) => column.unique())
    .addColumn('login_skeleton', 'text', (column) => column.unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('invited', 'active', 'locked', 'erased')`),
    )
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('last_seen_at', 'timestamptz')
    .addCheckConstraint('user_named', sql`(state = 'erased') = (login_key is null)`)
    .execute()
  await db.schema
    .createTable('aura.credential')
    .addColumn('user_id', 'text', (column) => column.primaryKey().references('aura.user.id').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('aura.external_identity')
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('aura.user.id').onDelete('cascade'))
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('last_used_at', 'timestamptz')
    .addPrimaryKeyConstraint('external_identity_pkey', ['issuer', 'subject'])
    .execute()
}

async function secrets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('aura.session')
    .addColumn('id', 'text', (column) => column.primaryKey())
    // SHA-256 of what is in the cookie.
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('user_id', 'text', (column) => column.notNull().references('aura.user.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('last_seen_at', 'timestamptz', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .addColumn('authenticated_at', 'timestamptz', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('ip', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    // What pages of the console send along, to show that the request is theirs.
    .addColumn('csrf', 'text', (column) => column.notNull())
    // Roles when the secret was handed out; others make a new one.
    .addColumn('roles', 'text', (column) => column.notNull())
    .execute()
  await sql`create index session_by_user on aura.session (user_id)`.execute(db)
  await db.schema
    .createTable('aura.token')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('user_id', 'text', (column) => column.notNull().references('aura.user.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    // JSON list of capabilities; null: whatever the owner holds.
    .addColumn('scopes', 'text')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz')
    .addColumn('last_used_at', 'timestamptz')
    .execute()
  await sql`create index token_by_user on aura.token (user_id)`.execute(db)
  await db.schema
    .createTable('aura.invitation')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    // Null: for the first owner.
    .addColumn('user_id', 'text', (column) => column.unique().references('aura.user.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz')
    .execute()
}

/** Users, what they prove themselves with, and who is signed in. No secret is in here, only hashes. */
export const identity: AuraMigration = {
  name: '0004-identity',
  async up(db) {
    await users(db)
    await secrets(db)
    // Grows with whatever ends a session or token, so that a running Aura notices what a command did beside it.
    await db.schema
      .createTable('aura.identity_version')
      .addColumn('singleton', 'boolean', (column) =>
        column
          .primaryKey()
          .defaultTo(true)
          .check(sql`singleton`),
      )
      .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await sql`insert into aura.identity_version default values`.execute(db)
  },
}
