import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Audit, AuditEntry } from '../../../src/audit/types.ts'
import { act, forgetActs } from '../../../src/auth/policy/acts.ts'
import { systemCaller } from '../../../src/auth/policy/check.ts'
import { readPolicy } from '../../../src/auth/policy/load.ts'
import { createPolicyStore, type PolicyStore, type PolicyStoreOptions } from '../../../src/auth/policy/store.ts'
import { openDatabase, type Database } from '../../../src/database/index.ts'
import { quiet, recordingLogger } from '../../support/logger.ts'
import { embedded } from '../../support/run-aura.ts'
import { allow } from './build.ts'
import { callerOf } from './caller.ts'

let dataDir: string
let database: Database
let store: PolicyStore
const setup = systemCaller('setup')
const to = (id: string, role: string, more = {}) => ({
  subject: { kind: 'user' as const, id },
  role,
  scope: '*',
  expiresAt: undefined,
  ...more,
})
const fields = (trust: number, parent?: string) => ({
  name: 'Night shift',
  description: 'line\nand line',
  parent,
  trust,
  rules: [allow('models:delete', 'model:llama*')],
})

/** A log in a table of its own: written in the transaction it is given, as the real one is. */
const audit: Pick<Audit, 'append' | 'record'> = {
  async append(tx, entry) {
    await sql`insert into aura.test_log (entry) values (${JSON.stringify(entry)})`.execute(tx)
    return 1
  },
  record: (entry) => database.db.transaction().execute((tx) => audit.append(tx, entry)),
}
const entries = async (): Promise<AuditEntry[]> =>
  (await sql<{ entry: AuditEntry }>`select entry from aura.test_log order by id`.execute(database.db)).rows.map(
    ({ entry }) => entry,
  )
const open = (more: Partial<PolicyStoreOptions> = {}): Promise<PolicyStore> =>
  createPolicyStore({ db: database.db, audit, log: quiet, clock: Date.now, ...more })

const sorted = (policy: Awaited<ReturnType<typeof readPolicy>>) => ({
  ...policy,
  roles: policy.roles.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  separations: policy.separations.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
})

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-policy-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir), quiet)
  await sql`create table aura.test_log (id serial, entry jsonb)`.execute(database.db)
})
afterAll(async () => {
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  await sql`truncate aura.role, aura.role_rule, aura.assignment, aura.user_group, aura.group_member, aura.separation, aura.act, aura.test_log`.execute(
    database.db,
  )
  await sql`update aura.policy set version = 0, seeded = '{}'`.execute(database.db)
  store = await open()
})
afterEach(() => store?.close())

test('the first start puts in what is shipped, once; later ones change nothing', async () => {
  expect(store.compiled().policy).toMatchObject({ version: 1 })
  expect(store.compiled().policy.roles).toHaveLength(7)
  await (await open()).close()
  expect((await readPolicy(database.db)).version).toBe(1)
  expect((await entries()).filter(({ action }) => action === 'role.create')).toHaveLength(7)
})

test('what is written is what is read; each change is a version, an audit entry, and told after it is there', async () => {
  const told: number[] = []
  store.onChange(() => void told.push(store.compiled().policy.version))
  const end = Date.now() + 123_457
  await store.createRole(setup, 'night', fields(30, 'operator'))
  const group = await store.createGroup(setup, { name: 'Nights', members: ['eve', 'ann'] })
  const given = await store.assign(setup, {
    ...to('', 'night'),
    subject: { kind: 'group', id: group.id },
    expiresAt: end,
  })
  await store.createSeparation(setup, { name: 'S', kind: 'static', members: ['night', 'service'], max: 1 })
  await store.updateRole(setup, 'night', fields(25, 'analyst'), 1)
  expect(told).toEqual([2, 3, 4, 5, 6])
  expect(sorted(await readPolicy(database.db))).toEqual(sorted(store.compiled().policy))
  expect(store.compiled().held('eve')).toMatchObject([{ id: given.id, expiresAt: end }])
  const log = (await entries()).filter(({ actor }) => actor.id === 'setup')
  expect(log.map(({ action, object }) => `${action} ${object?.split(':')[0]}`)).toEqual([
    'role.create role',
    'group.create group',
    'role.assign group',
    'separation.create separation',
    'role.update role',
  ])
  expect(log.at(-1)).toMatchObject({ before: { trust: 30, version: 1 }, after: { trust: 25, version: 2 } })
  await store.unassign(setup, given.id)
  await store.deleteGroup(setup, group.id)
  expect((await readPolicy(database.db)).groups).toEqual([])
})

test('of two requests that remove the last two owners at once, one is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const both = [await store.assign(setup, to('ann', 'owner')), await store.assign(setup, to('bob', 'owner'))]
    const other = await open()
    const outcomes = await Promise.allSettled(
      both.map(({ id }, i) =>
        (i === 0 ? store : other).unassign(callerOf(store.compiled(), ['ann', 'bob'][i] ?? '', 0), id),
      ),
    )
    await other.close()
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refusal = outcomes.find((one) => one.status === 'rejected')
    expect(refusal?.reason).toMatchObject({ code: expect.stringMatching(/^(LAST_OWNER|FORBIDDEN)$/) as string })
    await store.refresh()
    expect((await readPolicy(database.db)).assignments).toHaveLength(1)
  }
})

test('two owners who give up their own role at once: the second is the last and stays', async () => {
  const ids = ['ann', 'bob']
  const both = await Promise.all(ids.map((id) => store.assign(setup, to(id, 'owner'))))
  const outcomes = await Promise.allSettled(
    both.map(({ id }, i) => store.unassign(callerOf(store.compiled(), ids[i] ?? '', 0), id)),
  )
  const refusal = outcomes.find((one) => one.status === 'rejected')
  expect(refusal?.reason).toMatchObject({ code: 'LAST_OWNER', statusCode: 409 })
})

test('an account that may not sign in is no owner to rely on, and locking the last is refused', async () => {
  const locked = new Set(['bob'])
  const careful = await open({ active: (_, ids) => Promise.resolve(ids.filter((id) => !locked.has(id))) })
  const { id } = await careful.assign(setup, to('ann', 'owner'))
  await careful.assign(setup, to('bob', 'owner'))
  await expect(careful.unassign(setup, id)).rejects.toMatchObject({ code: 'LAST_OWNER' })
  const keep = (gone: string[]) => database.db.transaction().execute((tx) => careful.keepOwner(tx, gone))
  await expect(keep(['ann'])).rejects.toMatchObject({ code: 'LAST_OWNER' })
  await keep(['bob'])
  await careful.close()
})

test('of two edits of what both saw, one is told of the conflict', async () => {
  await store.createRole(setup, 'night', fields(30, 'operator'))
  const outcomes = await Promise.allSettled(
    [1, 2].map((n) => store.updateRole(setup, 'night', fields(n, 'operator'), 1)),
  )
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'VERSION_CONFLICT' })
})

test('what cannot be put into the audit log does not happen', async () => {
  const broken = await open({ audit: { ...audit, append: () => Promise.reject(new Error('log is full')) } })
  await expect(broken.assign(setup, to('ann', 'owner'))).rejects.toThrow('log is full')
  expect(await readPolicy(database.db)).toMatchObject({ version: 1, assignments: [] })
  expect(broken.compiled().policy.version).toBe(1)
  await broken.close()
})

test('a refusal changes nothing and is in the log', async () => {
  await store.assign(setup, to('bob', 'administrator'))
  const bob = callerOf(store.compiled(), 'bob', Date.now())
  await expect(store.assign(bob, to('bob', 'owner'))).rejects.toMatchObject({ code: 'GRANT_CEILING', statusCode: 403 })
  await expect(store.assign(callerOf(store.compiled(), 'eve', 0), to('eve', 'viewer'))).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  expect((await readPolicy(database.db)).version).toBe(2)
  expect((await entries()).filter(({ decision }) => decision === 'deny')).toMatchObject([
    { actor: { id: 'bob', session: 'c1', ip: '192.0.2.1' }, action: 'role.assign', object: 'role:owner' },
    { actor: { id: 'eve' }, action: 'role.assign', object: 'role:viewer' },
  ])
})

test('a change in the caller’s transaction is there with it or not at all', async () => {
  const inside = (fail: boolean) =>
    database.db.transaction().execute(async (tx) => {
      await store.assign(setup, to('ann', 'owner'), { tx })
      if (fail) throw new Error('second thoughts')
    })
  await expect(inside(true)).rejects.toThrow('second thoughts')
  await store.refresh()
  expect(store.compiled().policy.version).toBe(1)
  await inside(false)
  await store.refresh()
  expect(store.compiled().isOwner('ann', Date.now())).toBe(true)
})

test('another process’s change is noticed within 5 s, and the end of an assignment is told', async () => {
  const other = await open()
  const told = vi.fn()
  store.onChange(told)
  await other.assign(setup, to('ann', 'viewer', { expiresAt: Date.now() + 3000 }))
  await vi.waitFor(() => expect(store.compiled().rolesOf('ann', 0)).toEqual(['viewer']), 5000)
  expect(told).toHaveBeenCalledTimes(1)
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2), 8000)
  await other.close()
})

test('when the policy cannot be read, the last one goes on; that is told once, and so is its end', async () => {
  const log = recordingLogger()
  const brisk = await open({ log, every: 50 })
  await brisk.assign(setup, to('ann', 'viewer'))
  await sql`alter table aura.policy rename to policy_away`.execute(database.db)
  try {
    await vi.waitFor(() => expect(brisk.stale()).toContain('does not exist'), 5000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(brisk.compiled().rolesOf('ann', 0)).toEqual(['viewer'])
    await expect(brisk.assign(setup, to('eve', 'owner'))).rejects.toThrow('does not exist')
  } finally {
    await sql`alter table aura.policy_away rename to policy`.execute(database.db)
  }
  await vi.waitFor(() => expect(brisk.stale()).toBeUndefined(), 5000)
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  await brisk.close()
})

test('acts: both parts by two people, not by one; at once, too', async () => {
  const { policy } = store.compiled()
  const doing = (object: string, actor: string, capability: string) =>
    database.db.transaction().execute((tx) => act(tx, policy, object, { actor, capability }))
  expect(await doing('approval:1', 'ann', 'models:delete')).toBeUndefined()
  expect(await doing('approval:1', 'ann', 'action:approve')).toMatchObject({ id: 'four-eyes-models' })
  expect(await doing('approval:1', 'bob', 'action:approve')).toBeUndefined()
  expect(await doing('approval:2', 'ann', 'action:approve')).toBeUndefined()
  const race = await Promise.all(['models:delete', 'action:approve'].map((each) => doing('approval:3', 'eve', each)))
  expect(race.filter((one) => one === undefined)).toHaveLength(1)
  await database.db.transaction().execute((tx) => forgetActs(tx, 'approval:1'))
  expect(await doing('approval:1', 'ann', 'action:approve')).toBeUndefined()
})
