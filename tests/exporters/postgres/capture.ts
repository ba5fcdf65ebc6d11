// Records what servers answer, for golden.test.ts: npx node tests/exporters/postgres/capture.ts 13 15 17 18
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { createConnections, type Connections, type Row } from '../../../src/exporters/postgres/connection.ts'
import { collectorsOf } from '../../../src/exporters/postgres/index.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { defaults } from './exporter.ts'
import type { Recording } from './recording.ts'

/** Enough to see every rule at work; a server has hundreds. */
const settings =
  /^(max_connections|shared_buffers|work_mem|jit|fsync|.*timeout|bgwriter_delay|autovacuum_(naptime|work_mem|vacuum_scale_factor)|log_rotation_age|max_wal_size|wal_segment_size)$/

const isSetting = (row: Row): boolean => row.length === 5 && ['bool', 'integer', 'real'].includes(row[4] ?? '')

/** A server with slots, a long transaction, and one session that blocks another. */
async function prepare(postgres: TestPostgres): Promise<Client[]> {
  await postgres.admin("select pg_create_logical_replication_slot('logical', 'test_decoding')")
  await postgres.admin("select pg_create_physical_replication_slot('physical', true)")
  await postgres.admin('create table t as select generate_series(1, 1000) as a')
  await postgres.admin('create database "quoted ""name"""')
  await postgres.admin('select pg_stat_reset()')
  await postgres.admin('checkpoint')
  const clients = [1, 2].map(
    () => new Client({ connectionString: postgres.urlOf('postgres'), application_name: 'app' }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  await clients[0]?.query('begin; lock table t in access exclusive mode')
  void clients[1]?.query('select * from t').catch(() => undefined)
  clients[1]?.on('error', () => undefined)
  await sleep(500)
  return clients
}

async function record(major: number): Promise<Recording> {
  await using postgres = await startPostgres(major)
  const clients = await prepare(postgres)
  const db = createConnections({ url: () => postgres.url, statementTimeout: 2000, lockTimeout: 1000 })
  const signal = AbortSignal.timeout(60_000)
  const { version, versionText } = await db.main(signal)
  const collectors: Record<string, Row[][]> = {}
  let asked: Row[][] = []
  const recorder: Connections = {
    ...db,
    async query(sql, until, values) {
      const rows = await db.query(sql, until, values)
      asked.push(rows.filter((row) => !isSetting(row) || settings.test(row[0] ?? '')))
      return rows
    },
  }
  for (const collector of collectorsOf(
    recorder,
    defaults({ statements: { enabled: true, top: 3, text: false, text_length: 120 } }),
  )) {
    asked = []
    try {
      await collector.read(signal)
      collectors[collector.name] = asked
    } catch (error) {
      console.log(`${major} ${collector.name}: ${String(error)}`)
    }
  }
  await db.stop()
  await clients[0]?.query('rollback')
  await Promise.all(clients.map((client) => client.end()))
  return { version, versionText, collectors }
}

for (const major of process.argv.slice(2).map(Number)) {
  const file = join(import.meta.dirname, 'fixtures', `${major}.json`)
  await writeFile(file, `${JSON.stringify(await record(major), undefined, 1)}\n`)
}
