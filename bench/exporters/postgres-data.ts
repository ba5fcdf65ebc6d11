import { Client } from 'pg'

type AdminUrl = (database: string) => string

/** Rows of one statement, or of none if there are several. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows ?? []
  } finally {
    await client.end()
  }
}

/** Creates databases until there are `count`, templates not counted; the second, `app`, has what an application has. */
export async function growTo(admin: AdminUrl, count: number): Promise<void> {
  const known = await query(admin('postgres'), 'select datname from pg_database where not datistemplate')
  for (let number = known.length + 1; number <= count; number++) {
    const name = number === 2 ? 'app' : `app_${number}`
    await query(admin('postgres'), `create database ${name}`)
    await query(admin(name), number === 2 ? application : smallApplication)
  }
  if (known.length === 1) await useStatements(admin)
}

// The four tables of pgbench at scale 1, and 50 small ones.
const application = `
  create extension pg_stat_statements;
  create table branches (id int primary key, balance int, filler char(88));
  create table tellers (id int primary key, branch int references branches, balance int, filler char(84));
  create table accounts (id int primary key, branch int references branches, balance int, filler char(84));
  create table history (teller int, branch int, account int, delta int, time timestamptz default now());
  insert into branches values (1, 0, '');
  insert into tellers select n, 1, 0, '' from generate_series(1, 10) n;
  insert into accounts select n, 1, 0, '' from generate_series(1, 100000) n;
  do $$ begin for n in 1..50 loop
    execute format('create table small_%s (id bigserial primary key, name text unique, at timestamptz)', n);
    execute format('insert into small_%s (name, at) select n, now() from generate_series(1, 100) n', n);
  end loop; end $$;
  analyze`

const smallApplication = 'create table items (id bigserial primary key, name text); analyze'

/** Fills pg_stat_statements as a running application does: some 120 different statements, some of them often. */
async function useStatements(admin: AdminUrl): Promise<void> {
  const client = new Client(admin('app'))
  await client.connect()
  for (let n = 1; n <= 50; n++) {
    await client.query(`select name from small_${n} where id = ${n}`)
    await client.query(`update small_${n} set at = now() where id = ${n}`)
  }
  for (let n = 1; n <= 500; n++) {
    await client.query('update accounts set balance = balance + 1 where id = $1', [n * 7])
    await client.query('insert into history (teller, branch, account, delta) values (1, 1, $1, 1)', [n])
  }
  await client.end()
  await query(admin('postgres'), 'create extension pg_stat_statements')
}
