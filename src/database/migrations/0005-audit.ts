import { sql } from 'kysely'
import type { AuraMigration } from './index.ts'

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
    await sql`create function audit.refuse() returns trigger language plpgsql
      set search_path = pg_catalog, pg_temp as $$
      begin
        raise exception 'the audit log cannot be changed' using errcode = 'insufficient_privilege';
      end $$`.execute(db)
    await sql`create trigger unchanged before update or delete on audit.log
      for each row execute function audit.refuse()`.execute(db)
    await sql`create trigger uncut before truncate on audit.log
      for each statement execute function audit.refuse()`.execute(db)
    await sql`alter table audit.log enable always trigger unchanged`.execute(db)
    await sql`alter table audit.log enable always trigger uncut`.execute(db)
    await sql`create table aura.audit_address (
      ref text primary key,
      actor text not null,
      ip text not null,
      unique (actor, ip)
    )`.execute(db)
    await sql`comment on table audit.log is 'Who did what; a chain of hashes that nobody may change'`.execute(db)
  },
}
