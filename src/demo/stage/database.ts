import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Client } from 'pg'
import { urlFor } from '../../database/embedded/bootstrap.ts'
import { readCredentials } from '../../database/embedded/credentials.ts'
import { Unavailable } from '../faults/fault.ts'

/** A schema of the embedded server that is the demonstration's own, and a role that may use nothing else. */
export interface DemoDatabase {
  /** A session of the demonstration's role; whoever opens it ends it, or `release` does. */
  connect(what: string): Promise<Client>
  /** Ends sessions whatever they do. */
  release(clients: readonly Client[]): Promise<void>
  /** Ends every session and removes schema and role. */
  close(): Promise<void>
}

const name = 'aura_demo'
/** Sessions of the role at once: leaves room for Aura whatever a fault does. */
const mostSessions = 90

/** What a session of the role is held to, so that nothing of the demonstration outlives it or fills a disk. */
const bounds = {
  search_path: name,
  temp_file_limit: '256MB',
  idle_in_transaction_session_timeout: '65min',
  statement_timeout: '65min',
  lock_timeout: '65min',
}

const remove = `do $$ begin
  if exists (select from pg_roles where rolname = '${name}') then
    perform pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}';
    drop owned by ${name} cascade;
    drop role ${name};
  end if;
end $$`

const make = (password: string): string => `${remove};
create role ${name} login password '${password}' connection limit ${mostSessions};
${Object.entries(bounds)
  .map(([setting, value]) => `alter role ${name} set ${setting} = '${value}'`)
  .join(';\n')};
create schema ${name} authorization ${name};
comment on schema ${name} is 'Data of the demonstration; removed when it ends.'`

async function open(connectionString: string, application: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: application, connectionTimeoutMillis: 10_000 })
  // A session that is ended from outside is what several faults are about.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Work as superuser, in a session of its own. */
async function asSuperuser(url: string, sql: string): Promise<void> {
  const client = await open(url, 'aura demo')
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Makes role and schema in the embedded server of this data directory. Throws `Unavailable` where there is none. */
export async function openDemoDatabase(dataDir: string): Promise<DemoDatabase> {
  const credentials = readCredentials(join(dataDir, 'postgres'))
  if (credentials === undefined) throw new Unavailable('PostgreSQL is not the embedded one')
  const superuser = urlFor('postgres', credentials)
  const password = randomBytes(24).toString('hex')
  await asSuperuser(superuser, make(password))
  const url = `postgres://${name}:${password}@127.0.0.1:${credentials.port}/aura`
  return {
    connect: (what) => open(url, `aura demo: ${what}`),
    async release(clients) {
      const pids = clients.flatMap((client) => Reflect.get(client, 'processID') ?? []) as number[]
      const mine = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}' and pid in (${pids.join(', ')})`
      if (pids.length > 0) await asSuperuser(superuser, mine)
      await Promise.allSettled(clients.map((client) => client.end()))
    },
    close: () => asSuperuser(superuser, remove),
  }
}
