import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { password, startAccounts, type Accounts } from '../support/accounts.ts'
import { quiet } from '../support/logger.ts'
import { embedded } from '../support/run-aura.ts'

const program = join(import.meta.dirname, '../support/people-command.ts')
let dataDir: string
let database: Database
let aura: Accounts
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-people-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir, { poolSize: 5 }), quiet)
  aura = await startAccounts(database, { watch: 500 })
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A command beside the Aura that runs: its exit code and what it said. */
async function run(input: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, ...args], { env: { PATH, HOME, AURA_DATA_DIR: dataDir } })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdin.end(`${input}\n`)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out: out.trim(), err: err.trim() }
}

test('a command makes the owner, and the running Aura lets them in', async () => {
  expect(await run(password, 'user', 'create', 'ada', '--role', 'owner')).toMatchObject({
    code: 0,
    out: 'user ada was created as owner',
  })
  await expect.poll(async () => (await aura.signIn('ada')).answer.json().roles, { timeout: 5000 }).toEqual(['owner'])
  expect((await run('short', 'user', 'create', 'bob')).err).toBe('A password has at least 12 characters')
  expect((await run(password, 'user', 'create', 'bob', '--role', 'nosuch')).err).toContain('there are administrator')
  expect((await run(password, 'user', 'create', 'ADA')).err).toContain('There is a user of this name')
  expect((await run('', 'user', 'lock', 'ada')).err).toContain('last owner')
  expect((await run('', 'user', 'frob', 'ada')).err).toMatch(/^Usage: aura user/)
})

test('what a command takes away is gone from the running Aura within five seconds', async () => {
  await run(password, 'user', 'create', 'bob', '--role', 'member', '--name', 'Bob B')
  const made = await run('', 'token', 'create', 'ci', '--user', 'bob', '--scope', 'system:read')
  expect(made.out).toMatch(/^aura_[0-9A-Za-z]{49}$/)
  const headers = { authorization: `Bearer ${made.out}` }
  const status = async () => (await aura.send('/read', { headers })).statusCode
  await expect.poll(status, { timeout: 5000 }).toBe(200)
  const listed = await run('', 'token', 'list', '--user', 'bob')
  expect(listed.out).toContain('\tci\t')
  expect(listed.out).not.toContain(made.out)
  expect((await run('', 'token', 'create', 'x', '--user', 'bob', '--scope', 'role:edit')).err).toContain('owner lacks')
  expect((await run('', 'token', 'revoke', listed.out.split('\t')[0] ?? '')).code).toBe(0)
  await expect.poll(status, { timeout: 5000 }).toBe(401)
  const { cookie } = await aura.signIn('bob')
  expect((await run('', 'user', 'lock', 'bob')).code).toBe(0)
  await expect
    .poll(async () => (await aura.send('/read', { headers: { cookie } })).statusCode, { timeout: 5000 })
    .toBe(401)
  expect((await run('', 'user', 'list')).out).toContain('bob\tlocked\tmember\tBob B')
})
