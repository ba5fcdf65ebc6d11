import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { table } from '../../src/doctor/index.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura } from '../support/aura.ts'
import { startSimulator } from '../support/ollama.ts'
import { startPostgres } from '../support/postgres.ts'

async function doctor(env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const free = {
    AURA_SERVER_PORT: String(await findFreePort(28_080)),
    AURA_METRICS_PORT: String(await findFreePort(29_464)),
  }
  await using run = runAura(['doctor'], { ...free, ...env })
  await once(run.child, 'close')
  return { code: run.child.exitCode, text: run.output() }
}

test('what is there is found: Node, free ports, PostgreSQL with its rights, Ollama', async () => {
  await using postgres = await startPostgres(18)
  const ollama = await startSimulator()
  const { code, text } = await doctor({ AURA_DATABASE_URL: postgres.urlOf('postgres'), AURA_OLLAMA_URL: ollama.url })
  expect(text).toMatch(/^ok +Node +v24\./m)
  expect(text).toMatch(/^ok +port \d+ \(console\) +free/m)
  expect(text).toMatch(/^ok +PostgreSQL +18\./m)
  expect(text).toMatch(/^ok +create schema +yes/m)
  expect(text).toMatch(/^ok +Ollama .*0\.24\.0/m)
  expect(code).toBe(0)
})

test('what is wrong makes exit code 1 and says how to mend it, without a secret', async () => {
  const squatter = createServer()
  squatter.listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as AddressInfo
  try {
    const { code, text } = await doctor({
      AURA_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/d',
      AURA_METRICS_PORT: String(port),
      AURA_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    })
    expect(code).toBe(1)
    expect(text).toMatch(/^wrong +PostgreSQL +.*ECONNREFUSED/m)
    expect(text).toContain('-> check database.url (AURA_DATABASE_URL)')
    expect(text).toMatch(/^wrong +port \d+ \(metrics\) +taken by another program/m)
    expect(text).toMatch(/^wrong +OTLP +.*does not answer/m)
    expect(text).not.toContain('hunter2')
  } finally {
    squatter.close()
  }
})

test('a role without rights is told which to grant', async () => {
  await using postgres = await startPostgres(18)
  await postgres.admin("create role plain login password 'secret'")
  const { code, text } = await doctor({ AURA_DATABASE_URL: postgres.urlOf('plain') })
  expect(text).toMatch(/^note +role pg_monitor +no/m)
  expect(text).toMatch(/^wrong +create schema +no/m)
  expect(code).toBe(1)
})

test('the table puts what to do below what it is about', () => {
  const findings = [
    { what: 'A', state: 'ok', found: 'fine' },
    { what: 'Longer', state: 'wrong', found: 'broken', mend: 'mend it' },
  ] as const
  expect(table(findings)).toBe('ok     A       fine\nwrong  Longer  broken\n               -> mend it')
})
