import { type Kysely, sql } from 'kysely'
import type { AuraMigration } from './index.ts'

/** Roles, who holds them, and what nobody may do together. What Aura ships is put in at its first start. */
export const policy: AuraMigration = {
  name: '0003-policy',
  async up(db) {
    // The one row is the lock of every change; `seeded` are the capabilities that shipped roles were given so far.
    await sql`create table aura.policy (
      singleton boolean primary key default true check (singleton),
      version integer not null default 0,
      seeded text[] not null default '{}'
    )`.execute(db)
    await sql`insert into aura.policy default values`.execute(db)
    // Checked at the end of the transaction, so that a tree may be turned around in one.
    await sql`create table aura.role (
      id text primary key,
      name text not null,
      description text not null,
      parent text references aura.role deferrable initially deferred check (parent <> id),
      trust smallint not null check (trust between 0 and 100),
      everything boolean not null,
      built_in boolean not null,
      version integer not null
    )`.execute(db)
    await sql`create table aura.role_rule (
      role text not null references aura.role on delete cascade,
      position integer not null,
      capability text not null,
      effect text not null check (effect in ('allow', 'deny')),
      scope text not null,
      primary key (role, position)
    )`.execute(db)
    await sql`create table aura.user_group (id text primary key, name text not null)`.execute(db)
    await sql`create table aura.group_member (
      group_id text not null references aura.user_group on delete cascade,
      position integer not null,
      user_id text not null,
      primary key (group_id, user_id)
    )`.execute(db)
    await sql`create table aura.assignment (
      id text primary key,
      subject_kind text not null check (subject_kind in ('user', 'group')),
      subject_id text not null,
      role text not null references aura.role deferrable initially deferred,
      scope text not null,
      expires_at timestamptz,
      granted_by text not null,
      granted_at timestamptz not null default now()
    )`.execute(db)
    await sql`create index assignment_subject on aura.assignment (subject_kind, subject_id)`.execute(db)
    await sql`create table aura.separation (
      id text primary key,
      name text not null,
      kind text not null check (kind in ('static', 'dynamic')),
      members text[] not null,
      max integer not null
    )`.execute(db)
    await acts(db)
  },
}

async function acts(db: Kysely<unknown>): Promise<void> {
  await sql`create table aura.act (
      id bigint generated always as identity primary key,
      object text not null,
      actor text not null,
      capability text not null,
      at timestamptz not null default now()
    )`.execute(db)
  await sql`create index act_object on aura.act (object)`.execute(db)
  await sql`comment on table aura.act is 'Who did what to an object, for dynamic separation of duty'`.execute(db)
}
