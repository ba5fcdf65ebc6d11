import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Audit, AuditEntry } from '../../src/audit/types.ts'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { createPolicyStore, type PolicyStore } from '../../src/auth/policy/store.ts'
import { rolesCommand } from '../../src/commands/roles.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import type { Db } from '../../src/database/schema.ts'
import { quiet } from '../support/logger.ts'
import { embedded } from '../support/run-aura.ts'

let dataDir: string
let database: Database
let store: PolicyStore

/** A log in a table of its own, written in the transaction it is given, as the real one is. */
const auditOf = (db: Db): Pick<Audit, 'append' | 'record'> => ({
  async append(tx, entry) {
    await sql`insert into aura.test_log (entry) values (${JSON.stringify(entry)})`.execute(tx)
    return 1
  },
  record: (entry) => db.transaction().execute((tx) => auditOf(db).append(tx, entry)),
})
const command = rolesCommand({ openAudit: (db) => Promise.resolve(auditOf(db)) })

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-roles-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir), quiet)
  await sql`create table aura.test_log (id serial, entry jsonb)`.execute(database.db)
  // Beside this store, which stands for an Aura that runs, the command works on the same database.
  store = await createPolicyStore({ db: database.db, audit: auditOf(database.db), log: quiet, clock: Date.now })
  await store.assign(systemCaller('setup'), {
    subject: { kind: 'user', id: 'u1' },
    role: 'owner',
    scope: '*',
    expiresAt: undefined,
  })
})
afterAll(async () => {
  await store?.close()
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})
afterEach(() => vi.restoreAllMocks())

/** Exit code and output; or what it failed with, which `main.ts` turns into code 1. */
async function aura(verb: string, yaml?: string, ...more: string[]): Promise<readonly [number, string]> {
  const [config, file] = ['aura.yaml', 'roles.yaml'].map((name) => join(dataDir, name)) as [string, string]
  writeFileSync(config, `data_dir: ${JSON.stringify(dataDir)}\n`)
  if (yaml !== undefined) writeFileSync(file, yaml)
  const said: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
  return command.run([verb, ...(yaml === undefined ? [] : [file]), ...more, '--config', config]).then(
    (code) => [code, said.join('\n')] as const,
    (error: Error & { code: string }) => [1, `${error.code} ${error.message}`] as const,
  )
}

const night = `version: 1
roles:
  night: { name: Night, trust: 30, parent: operator, allow: [models:read] }
assignments:
  - { user: 'id:u2', role: night }
`

test('plan tells and changes nothing; apply does it beside a running Aura, which notices; then there is nothing left', async () => {
  const [code, text] = await aura('plan', night)
  expect([code, text]).toEqual([2, expect.stringContaining('+ role night\n')])
  expect(text).toContain('(kept, not of this file: role owner for user id:u1)')
  expect(store.compiled().policy.version).toBe(2)
  const [, json] = await aura('plan', night, '--json')
  expect(JSON.parse(json)).toMatchObject({
    policyVersion: 2,
    changes: [{ op: 'create', kind: 'role', id: 'night' }, { kind: 'assignment' }],
  })

  expect(await aura('apply', night)).toEqual([0, expect.stringContaining('changes made: 2')])
  await vi.waitFor(() => expect(store.compiled().rolesOf('u2', Date.now())).toEqual(['night']), 5000)
  expect(await aura('plan', night)).toEqual([0, expect.stringContaining('nothing would change')])
  const { rows } = await sql<{ entry: AuditEntry }>`select entry from aura.test_log order by id desc limit 2`.execute(
    database.db,
  )
  expect(rows.map(({ entry }) => entry.action)).toEqual(['role.assign', 'role.create'])
  for (const { entry } of rows) expect(entry.actor.id).toMatch(/^os:./)

  const [, exported] = await aura('export')
  expect(await aura('plan', exported)).toEqual([0, 'nothing would change'])
})

test('the last owner stays, a mistake is told with its line, and nothing is changed', async () => {
  const before = store.compiled().policy.version
  expect(await aura('apply', 'version: 1\nmanaged: all\nassignments: []\n')).toEqual([
    1,
    expect.stringMatching(/^START .*nobody would be left/),
  ])
  expect(await aura('plan', 'version: 1\nrolls: {}\n')).toEqual([
    1,
    expect.stringContaining('roles.yaml line 2: rolls is not known'),
  ])
  expect(await aura('plan', 'version: 1\ngroups: { g: [nobody] }\n')).toEqual([
    1,
    expect.stringContaining('line 2: there is no user "nobody"'),
  ])
  expect(await aura('burn')).toEqual([1, expect.stringMatching(/^CONFIG Usage/)])
  await store.refresh()
  expect(store.compiled().policy.version).toBe(before)
})
