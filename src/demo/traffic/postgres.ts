import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { deadlock } from '../stage/sessions.ts'
import type { DemoDatabase } from '../stage/database.ts'
import { longTailed } from '../wave.ts'
import { crowd, pause } from './crowd.ts'

/** Rows that are kept; older ones are deleted, so that the database stays small. */
const kept = 20_000

const tables = `
  create table orders (
    id bigint generated always as identity primary key, customer int not null, amount numeric(9, 2) not null,
    state text not null default 'new', note text not null, at timestamptz not null default now());
  create index on orders (customer);
  create table accounts as select id, 100 as balance from generate_series(1, 50) as id;
  alter table accounts add primary key (id)`

const between = (from: number, to: number): number => Math.floor(from + Math.random() * (to - from))
const order = (): string =>
  `insert into orders (customer, amount, note) select ${between(1, 500)}, random() * 900, repeat(md5(random()::text), 4) from generate_series(1, ${longTailed(5, 300)})`

/** What a session does, and how often in proportion. */
const acts: readonly (readonly [number, (client: Client) => Promise<unknown>])[] = [
  [20, (client) => client.query(order())],
  [20, (client) => client.query('select * from orders where customer = $1 limit 50', [between(1, 500)])],
  [15, (client) => client.query(`update orders set state = 'paid' where customer = $1`, [between(1, 500)])],
  // A whole table, and a sort that does not fit into memory.
  [8, (client) => client.query(`select avg(amount) from orders where note like '%77%'`)],
  [
    5,
    (client) =>
      client.query(
        `begin; set local work_mem = '64kB'; select count(*) from (select note from orders order by note offset 0) as sorted; commit`,
      ),
  ],
  [8, (client) => client.query(`delete from orders where id < (select max(id) from orders) - ${kept}`)],
  [3, (client) => client.query('select balance / 0 from accounts')],
  [4, (client) => transfer(client, between(1, 5))],
  [2, (client) => dawdle(client)],
]

/** Two statements on a few rows, with a pause in between in which others wait for the lock. */
async function transfer(client: Client, from: number): Promise<void> {
  await client.query('begin')
  await client.query('update accounts set balance = balance - 1 where id = $1', [from])
  await sleep(between(50, 400))
  await client.query('update accounts set balance = balance + 1 where id = $1', [from + 10])
  await client.query('commit')
}

/** A program that thinks in the middle of a transaction. */
async function dawdle(client: Client): Promise<void> {
  await client.query('begin; select count(*) from accounts')
  await sleep(between(1000, 4000))
  await client.query('rollback')
}

function chooseAct(): (typeof acts)[number][1] | undefined {
  let dice = Math.random() * acts.reduce((sum, [weight]) => sum + weight, 0)
  return acts.find(([weight]) => (dice -= weight) < 0)?.[1]
}

/** One visit: a session that does some things and goes again. */
async function visit(database: DemoDatabase, signal: AbortSignal): Promise<void> {
  const client = await database.connect('a customer')
  try {
    for (let left = between(3, 30); left > 0 && !signal.aborted; left--) {
      await chooseAct()?.(client).catch(() => client.query('rollback'))
      await pause(between(20, 600), signal)
    }
  } finally {
    await client.end()
  }
}

/** Now and then two sessions that each want what the other has, and a report that takes long. */
async function misfortune(database: DemoDatabase, signal: AbortSignal): Promise<void> {
  await pause(between(120_000, 360_000), signal)
  if (signal.aborted) return
  const clients = [await database.connect('a customer'), await database.connect('a report')] as const
  const leave = (): void => void database.release(clients).catch(() => undefined)
  signal.addEventListener('abort', leave, { once: true })
  try {
    await deadlock(...clients, 'accounts', 'balance')
    await clients[1].query(`select pg_sleep(${between(10, 40)})`)
  } finally {
    signal.removeEventListener('abort', leave)
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}

/** Work in the demonstration's own schema until the signal aborts. */
export async function postgresTraffic(database: DemoDatabase, signal: AbortSignal): Promise<void> {
  const client = await database.connect('tables')
  await client.query(tables)
  await client.end()
  await Promise.all([
    crowd({ most: 5, rest: 1500, signal }, () => visit(database, signal)),
    crowd({ most: 1, rest: 1000, signal }, () => misfortune(database, signal)),
  ])
}
