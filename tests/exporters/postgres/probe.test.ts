import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporters/exporter.ts'
import type { ProbeConfig } from '../../../src/exporters/postgres/probe-config.ts'
import { isAllowed, parseTarget } from '../../../src/exporters/postgres/probe-target.ts'
import { createProbe, type Probe } from '../../../src/exporters/postgres/probe.ts'
import { gauge } from '../../../src/lib/exposition.ts'
import { recordingLogger } from '../../support/logger.ts'

const password = 'p@ss/w:rd?'
const module = { username: 'mon itor', password, password_file: '', sslmode: 'require', database: 'postgres' } as const
const config: ProbeConfig = {
  targets: ['db-*.example.org', 'localhost:*'],
  auth_modules: { default: module, other: { ...module, username: 'other' } },
  max_targets: 2,
  idle: '5m',
}
const up = gauge('pg_up', 'Up.')

interface Made {
  readonly url: string
  stopped: boolean
}

const probes: Probe[] = []
afterEach(async () => {
  await Promise.all(probes.splice(0).map((probe) => probe.stop()))
})

/** The probe over exporters that keep the address they were given and answer at once. */
function start(changes: Partial<ProbeConfig> = {}) {
  const made: Made[] = []
  const log = recordingLogger()
  const probe = createProbe(
    { ...config, ...changes },
    (url): Exporter => {
      const one = { url, stopped: false }
      made.push(one)
      return {
        prefix: 'pg',
        collectors: [{ name: 'up', read: () => 1, write: (reading, out) => out.set(up, reading as number) }],
        stop: async () => void (one.stopped = true),
      }
    },
    log,
  )
  probes.push(probe)
  const ask = (query: Record<string, string>) => probe.answer({ query: new URLSearchParams(query), deadline: 1000 })
  return { ask, made, log, probe }
}

describe('what is refused', () => {
  const refused: [string, number, Record<string, string>, RegExp][] = [
    ['no target', 400, {}, /target is missing/],
    ['a target with a user', 400, { target: 'me@localhost' }, /must not carry credentials/],
    ['a target with a password', 400, { target: 'postgresql://me:hush@localhost/db' }, /must not carry credentials/],
    ['parameters that lead elsewhere', 400, { target: 'localhost/db?host=10.0.0.1' }, /must be host/],
    ['a socket', 400, { target: '/var/run/postgresql' }, /must be host/],
    ['a list of hosts', 400, { target: 'localhost:5432,10.0.0.1:5432' }, /must be host/],
    ['a server that is not listed', 403, { target: '169.254.169.254:80' }, /not among/],
    ['a port that is not listed', 403, { target: 'db-1.example.org:22' }, /not among/],
    ['an unknown module', 400, { target: 'localhost', auth_module: 'nope' }, /one of default, other/],
    ['a module named as a property of objects', 400, { target: 'localhost', auth_module: 'constructor' }, /one of/],
  ]
  test.each(refused)('%s', async (_, status, query, body) => {
    const { ask, made } = start()
    const reply = await ask(query)
    expect(reply).toMatchObject({ status, body: expect.stringMatching(body) })
    expect(reply.body).not.toContain('hush')
    expect(made).toEqual([])
  })

  test('everything, while no targets are listed', async () => {
    const { ask } = start({ targets: [] })
    expect(await ask({ target: 'localhost' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('exporters.postgres.probe.targets'),
    })
  })
})

test('the module supplies role, password and encryption; the target the server and perhaps the database', async () => {
  const { ask, made } = start()
  expect(await ask({ target: 'DB-1.example.org' })).toMatchObject({
    status: 200,
    body: expect.stringContaining('pg_up 1'),
  })
  await ask({ target: 'localhost:5433/some%20db', auth_module: 'other' })
  const urls = made.map(({ url }) => new URL(url))
  expect(urls.map(({ host, pathname }) => host + pathname)).toEqual([
    'db-1.example.org:5432/postgres',
    'localhost:5433/some%20db',
  ])
  expect(urls.map((url) => decodeURIComponent(url.username))).toEqual(['mon itor', 'other'])
  expect(urls.map((url) => decodeURIComponent(url.password))).toEqual([password, password])
  expect(urls[0]?.searchParams.get('sslmode')).toBe('require')
})

test('one exporter per server and module, no more than allowed, and all are stopped in the end', async () => {
  const { ask, made, probe } = start()
  await Promise.all([ask({ target: 'localhost' }), ask({ target: 'localhost:5432' }), ask({ target: 'localhost' })])
  expect(made).toHaveLength(1)
  await ask({ target: 'localhost', auth_module: 'other' })
  expect(await ask({ target: 'localhost:1' })).toMatchObject({
    status: 503,
    body: expect.stringContaining('max_targets'),
  })
  expect(made).toHaveLength(2)
  await probe.stop()
  expect(made.map(({ stopped }) => stopped)).toEqual([true, true])
  expect(await ask({ target: 'localhost' })).toMatchObject({ status: 503 })
})

test('an idle one is stopped, and begun anew when it is asked for again', async () => {
  const { ask, made } = start({ idle: '100ms' })
  await ask({ target: 'localhost' })
  await expect.poll(() => made[0]?.stopped).toBe(true)
  await ask({ target: 'localhost' })
  expect(made).toHaveLength(2)
  await sleep(20)
  expect(made[1]?.stopped).toBe(false)
})

test('a password can come from a file; when it cannot be read the log says why and the reply does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-probe-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'from file\n')
  const { ask, made, log } = start({ auth_modules: { default: { ...module, password: '', password_file: file } } })
  await ask({ target: 'localhost' })
  expect(decodeURIComponent(new URL(made[0]?.url ?? '').password)).toBe('from file')
  rmSync(folder, { recursive: true })
  const reply = await ask({ target: 'localhost:5433' })
  expect(reply.status).toBe(500)
  expect(reply.body).not.toContain(folder)
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { target: 'localhost:5433' } }])
})

const allowed = (text: string, ...patterns: string[]): boolean => {
  const target = parseTarget(text)
  return target !== undefined && isAllowed(target, patterns)
}

describe('targets', () => {
  test('have one spelling', () => {
    expect(parseTarget('LocalHost')).toEqual({ host: 'localhost', port: 5432, database: undefined })
    expect(parseTarget('postgres://h:6/db')).toEqual({ host: 'h', port: 6, database: 'db' })
    expect(parseTarget('0x7f.1:80')?.host).toBe('127.0.0.1')
    expect(parseTarget('[0:0::1]:5433/')).toEqual({ host: '[::1]', port: 5433, database: undefined })
    for (const text of ['', 'a b', 'h:0', 'h:70000', 'h:x', 'h/a/b', 'h/%zz', 'h#x', 'http://h', 'a:1:2']) {
      expect(parseTarget(text), text).toBeUndefined()
    }
  })

  test('are allowed by host and port; a star stays between dots', () => {
    expect(allowed('db', 'db')).toBe(true)
    expect(allowed('db:5433', 'db')).toBe(false)
    expect(allowed('db:5433', 'db:*')).toBe(true)
    expect(allowed('10.0.0.7', '10.0.0.*')).toBe(true)
    expect(allowed('10.0.0.7.evil.org', '10.0.0.*')).toBe(false)
    expect(allowed('db.example.org', 'dbxexample.org', 'example.org', '*')).toBe(false)
    expect(allowed('Db.Example.org', 'DB.example.ORG:5432')).toBe(true)
    expect(allowed('[::1]', '[::1]:5432')).toBe(true)
  })
})
