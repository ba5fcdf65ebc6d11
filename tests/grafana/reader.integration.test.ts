import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { findPostgres, startPostgres } from '../support/postgres.ts'

const major = [18, 17, 16, 15].find((version) => findPostgres(version) !== undefined)
if (major === undefined) console.warn('skipped: the role of Grafana (PostgreSQL is not installed)')
const sql = readFileSync(join(import.meta.dirname, '../../grafana/reader.sql'), 'utf8')

test.skipIf(major === undefined)('the role of Grafana sees the server and not what people wrote', async () => {
  await using postgres = await startPostgres(major ?? 0)
  await postgres.admin("create table notes (text text); insert into notes values ('private')")
  await postgres.admin(sql)
  await postgres.admin("alter role grafana_reader password 'secret'")
  const client = new Client({ connectionString: postgres.urlOf('grafana_reader') })
  await client.connect()
  try {
    const seen = await client.query('select count(*)::int as n from pg_stat_activity where query is not null')
    expect(seen.rows[0]).toMatchObject({ n: expect.any(Number) })
    await expect(client.query('select * from notes')).rejects.toThrow(/permission denied/)
    await expect(client.query('create table mine (n int)')).rejects.toThrow(/read-only transaction/)
    await client.query('set default_transaction_read_only = off')
    await expect(client.query('delete from notes')).rejects.toThrow(/permission denied/)
    await expect(client.query('create table mine (n int)')).rejects.toThrow(/permission denied/)
  } finally {
    await client.end()
  }
})
