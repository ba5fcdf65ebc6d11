import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

/** A connection as superuser of the embedded server below this data directory. */
async function connect(dataDir: string): Promise<Client> {
  const file = join(realpathSync(join(dataDir, 'postgres')), 'aura.json')
  const { port, passwords } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly port: number
    readonly passwords: { readonly postgres: string }
  }
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: passwords.postgres,
    database: 'aura',
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Two sessions that each want what the other has; the server breaks one off. */
async function deadlock(one: Client, other: Client): Promise<void> {
  for (const [client, row] of [
    [one, 1],
    [other, 2],
  ] as const) {
    await client.query("begin; set local deadlock_timeout = '20ms'")
    await client.query('update faults.locked set n = n + 1 where id = $1', [row])
  }
  await Promise.allSettled([
    one.query('update faults.locked set n = n + 1 where id = 2'),
    other.query('update faults.locked set n = n + 1 where id = 1'),
  ])
  for (const client of [one, other]) await client.query('rollback')
}

/** More than PostgreSQLHighDeadLocks lets pass. */
const deadlocks = 8

/** What is counted is told when a connection ends. */
async function leave(dataDir: string, act: (one: Client, other: Client) => Promise<void>): Promise<void> {
  const [one, other] = [await connect(dataDir), await connect(dataDir)]
  await act(one, other)
  await Promise.all([one.end(), other.end()])
}

/** Rows that are gone but not cleared away, and deadlocks. */
async function prepare(one: Client, other: Client): Promise<void> {
  await one.query(`create schema faults;
    create table faults.locked as select id, 0 as n from generate_series(1, 2) as id;
    create table faults.dead with (autovacuum_enabled = false) as select id from generate_series(1, 20000) as id;
    delete from faults.dead where id % 3 = 0`)
  for (let at = 0; at < deadlocks; at++) await deadlock(one, other)
}

/** What the database suffers from, until it is disposed of: besides what stays, a session that waits for another. */
export async function startDatabaseFaults(dataDir: string): Promise<AsyncDisposable> {
  await leave(dataDir, prepare)
  const [holder, waiter] = [await connect(dataDir), await connect(dataDir)]
  await holder.query('begin')
  await holder.query('update faults.locked set n = -1 where id = 1')
  const waits = waiter.query('update faults.locked set n = -2 where id = 1').catch(() => undefined)
  return {
    async [Symbol.asyncDispose]() {
      await holder.end()
      await waits
      await waiter.end()
    },
  }
}

/** Rewrites history, as only a superuser can: an early row of the audit log is no longer what was written. */
export async function rewriteHistory(dataDir: string): Promise<void> {
  const client = await connect(dataDir)
  await client.query(`alter table audit.log disable trigger all;
    update audit.log set body = body || ' ' where seq = (select min(seq) + 2 from audit.log);
    alter table audit.log enable trigger all`)
  await client.end()
}
