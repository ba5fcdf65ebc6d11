import { sql, type Kysely } from 'kysely'
import type { AuraMigration } from './index.ts'

/**
 * The one way to remove rows: those up to a place that is kept with its signature, none younger than a week, and never
 * the last. It runs with the rights of the schema's owner, so that Aura's own role needs none to delete. The database
 * cannot check signatures; whoever verifies the chain does, and then a cut that nobody signed shows.
 */
async function cutting(db: Kysely<unknown>): Promise<void> {
  await sql`create function audit.cut(cut_seq bigint, cut_hash bytea, cut_time text, cut_signature text)
    returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare gone bigint;
    begin
      perform pg_advisory_xact_lock(4711082011);
      if not exists (select from audit.log l where l.seq = cut_seq and l.hash = cut_hash)
        or not exists (select from audit.log l where l.seq > cut_seq)
        or exists (select from audit.log l where l.seq <= cut_seq and l.ts > now() - interval '7 days') then
        raise exception 'the audit log cannot be cut there' using errcode = 'insufficient_privilege';
      end if;
      insert into audit.boundary (seq, hash, "time", signature) values (cut_seq, cut_hash, cut_time, cut_signature);
      delete from audit.log l where l.seq <= cut_seq;
      get diagnostics gone = row_count;
      return gone;
    end $$`.execute(db)
  await sql`revoke all on function audit.cut(bigint, bytea, text, text) from public`.execute(db)
}

/** Refused even to whoever owns the tables, as long as the triggers are there. */
async function guard(db: Kysely<unknown>): Promise<void> {
  for (const table of ['audit.log', 'audit.boundary']) {
    await sql`create trigger unchanged before update or delete on ${sql.table(table)}
      for each row execute function audit.refuse()`.execute(db)
    await sql`create trigger uncut before truncate on ${sql.table(table)}
      for each statement execute function audit.refuse()`.execute(db)
    await sql`alter table ${sql.table(table)} enable always trigger unchanged`.execute(db)
    await sql`alter table ${sql.table(table)} enable always trigger uncut`.execute(db)
  }
}

/**
 * The audit log, in a schema of its own: what owns a schema may drop what lies in it, so where it can be arranged
 * another role than Aura's owns this one. The lock makes the order linear; the number comes from the row before and not
 * from a sequence, which would leave a hole that looks like a deletion whenever a transaction is rolled back.
 */
export const audit: AuraMigration = {
  name: '0005-audit',
  async up(db) {
    await sql`create schema audit`.execute(db)
    await sql`create table audit.log (
      seq bigint primary key check (seq > 0),
      ts timestamptz not null,
      body text not null,
      prev_hash bytea not null check (octet_length(prev_hash) = 32),
      hash bytea not null unique check (octet_length(hash) = 32),
      actor text not null,
      action text not null,
      object text,
      decision text not null check (decision in ('allow', 'deny', 'none')),
      request_id text
    )`.execute(db)
    for (const column of ['actor', 'action', 'object', 'request_id']) {
      // Equality and "begins alike", newest first.
      await sql`create index ${sql.id(`log_${column}`)} on audit.log (${sql.id(column)} text_pattern_ops, seq desc)`.execute(
        db,
      )
    }
    await sql`create index log_ts on audit.log (ts, seq)`.execute(db)
    await sql`create function audit.head() returns table (seq bigint, hash bytea) language plpgsql volatile
      set search_path = pg_catalog, pg_temp as $$
      begin
        -- Two statements, so that the second sees what whoever held the lock has committed.
        perform pg_advisory_xact_lock(4711082011);
        return query select l.seq, l.hash from audit.log l order by l.seq desc limit 1;
      end $$`.execute(db)
    await sql`create table audit.boundary (
      seq bigint primary key,
      hash bytea not null,
      "time" text not null,
      signature text not null,
      cut_at timestamptz not null default now()
    )`.execute(db)
    await sql`create function audit.refuse() returns trigger language plpgsql
      set search_path = pg_catalog, pg_temp as $$
      begin
        if tg_op = 'DELETE' and tg_table_name = 'log' then
          if old.seq <= (select max(b.seq) from audit.boundary b) then return old; end if;
        end if;
        raise exception 'the audit log cannot be changed' using errcode = 'insufficient_privilege';
      end $$`.execute(db)
    await guard(db)
    await cutting(db)
    await sql`create table aura.audit_address (
      ref text primary key,
      actor text not null,
      ip text not null,
      last_at timestamptz not null,
      unique (actor, ip)
    )`.execute(db)
    await sql`comment on table audit.log is 'Who did what; a chain of hashes that nobody may change'`.execute(db)
  },
}
