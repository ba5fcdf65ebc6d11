import { describe, expect, test } from 'vitest'
import { parseLocks } from '../../../src/exporters/postgres/collectors/locks.ts'
import { parseSetting } from '../../../src/exporters/postgres/collectors/settings.ts'
import { distinctReplicas } from '../../../src/exporters/postgres/collectors/stat-replication.ts'
import { shortVersion } from '../../../src/exporters/postgres/collectors/up.ts'
import { parametersOf, versionNumber } from '../../../src/exporters/postgres/session.ts'
import { parseSizes } from '../../../src/exporters/postgres/sizes.ts'

describe('a setting', () => {
  test.each([
    [['statement_timeout', '1500', 'ms', 'Limit.', 'integer'], 'pg_settings_statement_timeout_seconds', 1.5],
    [
      ['autovacuum_vacuum_cost_delay', '2', 'ms', 'Cost.', 'real'],
      'pg_settings_autovacuum_vacuum_cost_delay_seconds',
      0.002,
    ],
    [['log_rotation_age', '1440', 'min', 'Age.', 'integer'], 'pg_settings_log_rotation_age_seconds', 86_400],
    [['shared_buffers', '16384', '8kB', 'Buffers.', 'integer'], 'pg_settings_shared_buffers_bytes', 134_217_728],
    [['min_wal_size', '80', 'MB', 'WAL.', 'integer'], 'pg_settings_min_wal_size_bytes', 83_886_080],
    [['wal_size', '3', '16MB', 'WAL.', 'integer'], 'pg_settings_wal_size_bytes', 50_331_648],
    [['autovacuum_work_mem', '-1', 'kB', 'Memory.', 'integer'], 'pg_settings_autovacuum_work_mem_bytes', -1],
    [['fsync', 'on', '', 'Sync.', 'bool'], 'pg_settings_fsync', 1],
    [['plugin.max-size', '5', '', 'Size.', 'integer'], 'pg_settings_plugin_max_size', 5],
  ])('%j', (row, name, value) => {
    const setting = parseSetting(row)
    expect([setting?.metric.name, setting?.value]).toEqual([name, value])
  })

  test('a unit or a value that is not known gives no series', () => {
    expect(parseSetting(['x', '5', 'furlong', '', 'integer'])).toBeUndefined()
    expect(parseSetting(['x', '', '', '', 'integer'])).toBeUndefined()
    expect(parseSetting(['x', 'many', '', '', 'integer'])).toBeUndefined()
  })
})

test('versions', () => {
  expect(['15.13 (Debian 15.13-0+deb12u1)', '18.0', '19beta1'].map(versionNumber)).toEqual([150_013, 180_000, 190_000])
  expect(shortVersion(150_013)).toBe('15.13.0')
})

test('locks of all databases, and of none that is not listed', () => {
  const list = ['1', '2'].map((oid) => ({ oid, name: `db${oid}`, connectionLimit: -1, xidAge: 0, mxidAge: 0 }))
  const rows = [
    ['2', 'sharelock', '3', '1'],
    ['2', 'exclusivelock', '1', '1'],
    ['0', 'sharelock', '9', '0'],
  ]
  const [one, two] = parseLocks(list, rows)
  expect([one?.counts.size, one?.waiting]).toEqual([0, 0])
  expect([[...(two?.counts ?? [])], two?.waiting]).toEqual([
    [
      ['sharelock', 3],
      ['exclusivelock', 1],
    ],
    2,
  ])
})

const replica = (behind: string): string[] => ['app', '10.0.0.1', 'streaming', '', '100', behind]

test('of replicas that share all labels the one furthest behind is shown', () => {
  expect(distinctReplicas([replica('5'), replica('9'), replica('7')])).toEqual([replica('9')])
})

test('a database that vanished while it was measured has no size', () => {
  const { bytes, cost } = parseSizes(
    [
      ['1', '8192', '0.001'],
      ['2', null, '0.004'],
    ],
    0,
  )
  expect([...bytes]).toEqual([
    ['1', 8192],
    ['2', undefined],
  ])
  expect(cost).toBe(4)
})

test('a connection URL: sockets and TLS as pg reads them, another database, our own name', () => {
  const common = { statementTimeout: 1, lockTimeout: 1, prepare: true }
  const socket = parametersOf({ ...common, url: 'postgresql://me@/aura?host=/run/postgresql', database: 'a#b/c' })
  expect(socket).toMatchObject({ host: '/run/postgresql', database: 'a#b/c', user: 'me', application_name: 'aura' })
  const tls = parametersOf({ ...common, url: 'postgresql://me:word@db:5433/aura?sslmode=no-verify&application_name=x' })
  expect(tls).toMatchObject({
    port: '5433',
    password: 'word',
    application_name: 'aura',
    ssl: { rejectUnauthorized: false },
  })
})
