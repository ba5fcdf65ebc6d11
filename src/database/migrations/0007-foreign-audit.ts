import { sql, type Kysely } from 'kysely'
import type { AuraMigration } from './index.ts'

async function foreign(db: Kysely<unknown>): Promise<void> {
  await sql`create table aura.foreign_file (
    id bigint generated always as identity primary key,
    source text not null,
    path text not null,
    device text not null,
    inode text not null,
    "offset" bigint not null check ("offset" >= 0),
    mark bytea not null,
    skipping boolean not null,
    lines bigint not null,
    bad_lines bigint not null,
    read_at timestamptz not null,
    unique (source, device, inode)
  )`.execute(db)
  await sql`create table aura.foreign_line (
    id bigint generated always as identity primary key,
    source text not null,
    path text not null,
    read_at timestamptz not null,
    line text not null,
    raw bytea,
    bad boolean not null,
    at timestamptz,
    actor text,
    action text,
    object text
  )`.execute(db)
  for (const column of ['source', 'actor', 'action']) {
    const name = sql.id(`foreign_line_${column}`)
    await sql`create index ${name} on aura.foreign_line (${sql.id(column)} text_pattern_ops, id desc)`.execute(db)
  }
  await sql`create index foreign_line_read on aura.foreign_line using brin (read_at)`.execute(db)
}

async function alerts(db: Kysely<unknown>): Promise<void> {
  await sql`create table aura.security_alert (
    id bigint generated always as identity primary key,
    rule text not null,
    key text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    summary text not null,
    actor text,
    address text,
    count bigint not null,
    seqs bigint[] not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    acknowledged_by text,
    acknowledged_at timestamptz,
    comment text
  )`.execute(db)
  await sql`create unique index security_alert_open on aura.security_alert (rule, key)
    where acknowledged_at is null`.execute(db)
  await sql`create table aura.security_cursor (
    singleton boolean primary key default true check (singleton),
    seq bigint not null
  )`.execute(db)
  await sql`insert into aura.security_cursor (seq) values (0)`.execute(db)
  await sql`create table aura.known_device (
    user_id text not null,
    device bytea not null,
    last_seen_at timestamptz not null,
    primary key (user_id, device)
  )`.execute(db)
}

/** Lines of other programs' audit files, which are in no chain; and security alerts, with how far the log was looked at. */
export const foreignAudit: AuraMigration = {
  name: '0007-foreign-audit',
  async up(db) {
    await foreign(db)
    await alerts(db)
  },
}
