import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresConfig, type PostgresConfig } from '../../../src/exporters/postgres/config.ts'
import { createPostgresExporter } from '../../../src/exporters/postgres/index.ts'
import type { ProbeConfig } from '../../../src/exporters/postgres/probe-config.ts'
import { createProbe, type Probe } from '../../../src/exporters/postgres/probe.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { recordingLogger } from '../../support/logger.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { major } from './databases.ts'
import { value } from './exporter.ts'

const check = test.skipIf(major === undefined)
const log = recordingLogger()
let server: TestPostgres
let probe: Probe

beforeAll(async () => {
  if (major === undefined) return
  server = await startPostgres(major)
  await server.admin('create database app')
  await server.admin('create table orders as select 1 as id', 'app')
  const module = { username: 'exporter', password: 'secret', password_file: '', sslmode: 'disable', database: 'app' }
  const auth_modules = {
    default: module,
    mistaken: { ...module, password: 'hush-hush' },
    encrypted: { ...module, sslmode: 'require' },
  } as ProbeConfig['auth_modules']
  const config = Value.Default(postgresConfig, {}) as PostgresConfig
  const options = { ...config.probe, targets: ['127.0.0.1:*'], auth_modules }
  probe = createProbe(options, (url, own) => createPostgresExporter({ ...config, url: () => url }, { log: own }), log)
})

afterAll(async () => {
  await probe?.stop()
  await server?.[Symbol.asyncDispose]()
})

async function ask(auth_module: string, port = server.port): Promise<Map<string, Family>> {
  const query = new URLSearchParams({ target: `127.0.0.1:${port}`, auth_module })
  const { status, body } = await probe.answer({ query, deadline: 3000 })
  expect(status).toBe(200)
  expect(body).not.toContain('hush-hush')
  return parseExposition(body)
}

check('a server is read in full, with the credentials of the module', async () => {
  const page = await ask('default')
  expect(value(page, 'pg_up')).toBe(1)
  const orders = '{datname="app",relname="orders",schemaname="public"}'
  expect(value(page, 'pg_stat_user_tables_n_tup_ins', orders)).toBe(1)
})

check('a server that refuses is down, which is an answer, and no password is told to anyone', async () => {
  for (const page of [await ask('mistaken'), await ask('encrypted'), await ask('default', 1)]) {
    expect(value(page, 'pg_up')).toBe(0)
  }
  const said = JSON.stringify(log.lines, (_, item: unknown) => (item instanceof Error ? `${item.stack}` : item))
  expect(said).toContain('password authentication failed')
  expect(said).not.toContain('hush-hush')
})
