import { sql } from 'kysely'
import { escapeIdentifier } from 'pg'
import type { Logger } from '../lib/logger.ts'
import type { Db } from './schema.ts'

/**
 * What a superuser runs in Aura's database, as often as they like: a role that nobody can sign in as owns the audit log,
 * and `role` may read and add, no more. Whoever holds the password of `role` cannot change what was written.
 */
export function handOver(role: string): string {
  const aura = escapeIdentifier(role)
  return `begin;
do $$ begin
  if not exists (select from pg_roles where rolname = 'aura_audit') then create role aura_audit nologin; end if;
end $$;
alter schema audit owner to aura_audit;
alter table audit.log owner to aura_audit;
alter table audit.boundary owner to aura_audit;
alter function audit.head() owner to aura_audit;
alter function audit.refuse() owner to aura_audit;
alter function audit.cut(bigint, bytea, text, text) owner to aura_audit;
revoke all on schema audit from ${aura};
revoke all on audit.log, audit.boundary from ${aura};
grant usage on schema audit to ${aura};
grant select, insert on audit.log to ${aura};
grant select on audit.boundary to ${aura};
grant execute on function audit.cut(bigint, bytea, text, text) to ${aura};
commit;`
}

/**
 * Whether the role that asks could change the audit log if it tried: because it owns it, or could make itself the owner.
 * False where there is no log yet.
 */
export const ownsAudit = `select coalesce(bool_or(
    pg_has_role(current_user, n.nspowner, 'MEMBER') or r.rolsuper or r.rolcreaterole), false) as owns
  from pg_namespace n, pg_roles r where n.nspname = 'audit' and r.rolname = current_user`

/** Says so where nothing but triggers keeps Aura's own role from changing the log. */
export async function warnOfOwner(db: Db, log: Logger): Promise<void> {
  const { rows } = await sql<{ owns: boolean }>`${sql.raw(ownsAudit)}`.execute(db)
  if (rows[0]?.owns !== true) return
  log.warn(
    {},
    'Aura’s database role owns the audit log: triggers keep rows as they are, but the role could switch those off. `aura audit owner` prints what a superuser runs once to prevent that',
  )
}
