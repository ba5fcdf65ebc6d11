import { Client } from 'pg'
import { handOver } from '../audit-owner.ts'
import type { Credentials } from './credentials.ts'

/** Connection URL of one of the cluster's roles. */
export function urlFor(
  role: keyof Credentials['passwords'],
  { port, passwords }: Credentials,
  database = 'aura',
): string {
  return `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'aura start',
    connectionTimeoutMillis: 30_000,
  })
  // Without a listener a connection cut while idle would end the process; the query itself reports it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function ensureRoles(client: Client, { passwords }: Credentials, resetPasswords: boolean): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles')
  const existing = new Set(rows.map(({ rolname }) => rolname))
  for (const role of ['aura', 'aura_exporter'] as const) {
    if (!existing.has(role)) await client.query(`create role ${role}`)
    if (!existing.has(role) || resetPasswords) {
      await client.query(`alter role ${role} login password '${passwords[role]}'`)
    }
  }
  if (!existing.has('aura_exporter')) {
    // Roles and memberships belong to the cluster, not to a database: hence here and not in a migration.
    await client.query('grant pg_monitor to aura_exporter')
    await client.query('alter role aura_exporter set default_transaction_read_only = on')
  }
}

const statements = 'create extension if not exists pg_stat_statements'

/**
 * Makes what the superuser must make, each time only what is missing: the role and database `aura`, which own Aura's
 * tables, the role `aura_exporter`, which may read all statistics and nothing else, and pg_stat_statements.
 */
export async function bootstrap(credentials: Credentials, resetPasswords: boolean): Promise<void> {
  await withClient(urlFor('postgres', credentials, 'postgres'), async (client) => {
    await ensureRoles(client, credentials, resetPasswords)
    const { rowCount } = await client.query(`select from pg_database where datname = 'aura'`)
    if (rowCount === 0) await client.query('create database aura owner aura')
    await client.query(statements)
  })
  await withClient(urlFor('postgres', credentials), async (client) => void (await client.query(statements)))
}

/** Takes the audit log away from the role `aura`, once the migrations have made it. */
export const secureAudit = (credentials: Credentials): Promise<void> =>
  withClient(urlFor('postgres', credentials), async (client) => void (await client.query(handOver('aura'))))
