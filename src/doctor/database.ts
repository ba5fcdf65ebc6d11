import { ownsAudit } from '../database/audit-owner.ts'
import type { Examination, Finding } from './finding.ts'

const query = `select current_setting('server_version'),
  current_setting('server_version_num')::int >= 130000,
  exists (select from pg_extension where extname = 'pg_stat_statements'),
  pg_has_role('pg_monitor', 'usage'),
  has_database_privilege(current_database(), 'create'),
  not (${ownsAudit})`

/** The configured PostgreSQL: version, extension, rights. The embedded one has all of that by construction. */
export const database: Examination = async ({ database: { url } }) => {
  if (url === '') return [{ what: 'PostgreSQL', state: 'ok', found: 'embedded; starts with `npm start`' }]
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000, statement_timeout: 3000 })
  client.on('error', () => undefined) // a connection that breaks is reported by the query
  try {
    await client.connect()
    const { rows } = await client.query<Facts>({ text: query, rowMode: 'array' })
    return rows.flatMap(facts)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [{ what: 'PostgreSQL', state: 'wrong', found, mend: 'check database.url (AURA_DATABASE_URL)' }]
  } finally {
    await client.end().catch(() => undefined)
  }
}

type Facts = [
  version: string,
  recent: boolean,
  statements: boolean,
  monitor: boolean,
  create: boolean,
  auditApart: boolean,
]

function facts([version, recent, statements, monitor, create, auditApart]: Facts): Finding[] {
  return [
    recent
      ? { what: 'PostgreSQL', state: 'ok', found: version }
      : { what: 'PostgreSQL', state: 'wrong', found: version, mend: 'Aura needs 13 or newer' },
    right('pg_stat_statements', statements, 'note', withoutStatements),
    right('role pg_monitor', monitor, 'note', 'grant pg_monitor to this role; some series are absent without it'),
    right('audit log out of reach', auditApart, 'note', withOwner),
    right('create schema', create, 'wrong', 'grant create on the database to this role'),
  ]
}

const withoutStatements =
  'add it to shared_preload_libraries, restart, then `create extension pg_stat_statements`; its series are absent until then'

const withOwner =
  'only triggers keep this role from changing the audit log; run once as superuser what `aura audit owner` prints'

function right(what: string, has: boolean, otherwise: 'note' | 'wrong', mend: string): Finding {
  return has ? { what, state: 'ok', found: 'yes' } : { what, state: otherwise, found: 'no', mend }
}
