import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunningApprovals } from '../../src/approvals/index.ts'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { minute, startApprovals, type ApprovalsBench } from '../support/approvals.ts'
import { createPeople } from '../support/policy.ts'

let bench: ApprovalsBench
let approvals: RunningApprovals
let count = 0
/** Each test asks about a model of its own. */
let model: string

beforeAll(async () => {
  bench = await startApprovals()
})
afterAll(() => bench?.[Symbol.asyncDispose]())
beforeEach(() => {
  approvals = bench.create()
  model = `m${count++}`
  bench.audit.failing = false
})

const ask = (by = bench.asker, name = model) => bench.ask(approvals, by, name)
const code = (value: string) => expect.objectContaining({ code: value })

test('asked by one, approved by another, done once, and every step is in the log', async () => {
  const pending = await ask()
  expect(pending).toMatchObject({ state: 'pending', summary: `Delete model ${model}`, requestedBy: bench.asker })
  const done = await approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, 'go')
  expect(done).toMatchObject({ state: 'done', decidedBy: bench.approver, comment: 'go', outcome: { deleted: true } })
  expect(bench.deleted.filter((one) => one === model)).toHaveLength(1)
  expect(bench.actionsOn(model)).toEqual([
    'approval.request allow',
    'approval.approve allow',
    'approval.start none',
    'approval.done none',
  ])
})

test('nobody approves or refuses their own request, through no session or token of theirs', async () => {
  const owner = await bench.people.person('owner')
  const pending = await ask(owner)
  for (const caller of [
    bench.people.signedIn(owner),
    bench.people.signedIn(owner),
    bench.people.signedIn(owner, ['action:approve']),
  ]) {
    await expect(approvals.approve(caller, pending.id, pending.hash, '')).rejects.toEqual(code('SELF_APPROVAL'))
    await expect(approvals.refuse(caller, pending.id, '')).rejects.toEqual(code('SELF_APPROVAL'))
  }
  expect(bench.actionsOn(model)).toContain('approval.approve deny')
  expect(await approvals.get(pending.id)).toMatchObject({ state: 'pending' })
})

test('not even our own code can store a self-approval', async () => {
  const pending = await ask()
  const forged = sql`update aura.approval set state = 'approved', decided_by = ${bench.asker} where id = ${pending.id}`
  await expect(forged.execute(bench.database.db)).rejects.toThrow('approval_four_eyes')
})

test('approved twice, or replayed after it was decided: refused, done once', async () => {
  const pending = await ask()
  await approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')
  const again = approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')
  await expect(again).rejects.toEqual(code('ALREADY_DECIDED'))
  await expect(approvals.refuse(bench.people.signedIn(bench.approver), pending.id, '')).rejects.toEqual(
    code('ALREADY_DECIDED'),
  )
  const other = await ask()
  await approvals.refuse(bench.people.signedIn(bench.approver), other.id, 'no')
  const revived = approvals.approve(bench.people.signedIn(bench.approver), other.id, other.hash, '')
  await expect(revived).rejects.toEqual(code('ALREADY_DECIDED'))
  expect(bench.deleted.filter((one) => one === model)).toHaveLength(1)
})

test('two approvers at the same moment: one decides', async () => {
  const others = await Promise.all([bench.people.person('operator'), bench.people.person('administrator')])
  const pending = await ask()
  const tries = [bench.approver, ...others].map((id) =>
    approvals.approve(bench.people.signedIn(id), pending.id, pending.hash, '').then(
      () => 'done',
      (error: { code: string }) => error.code,
    ),
  )
  expect((await Promise.all(tries)).toSorted()).toEqual(['ALREADY_DECIDED', 'ALREADY_DECIDED', 'done'])
  expect(bench.deleted.filter((one) => one === model)).toHaveLength(1)
})

test('what was shown is not what is stored: refused, whichever of the two was changed', async () => {
  const pending = await ask()
  const wrong = approvals.approve(bench.people.signedIn(bench.approver), pending.id, '0'.repeat(64), '')
  await expect(wrong).rejects.toEqual(code('HASH_MISMATCH'))
  await sql`update aura.approval set args = '{"model":"another"}' where id = ${pending.id}`.execute(bench.database.db)
  const edited = approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')
  await expect(edited).rejects.toEqual(code('HASH_MISMATCH'))
  expect(bench.deleted).not.toContain('another')
})

test('the hash binds type, arguments, requester and policy version', async () => {
  const one = await ask()
  const other = await ask(bench.approver)
  expect(one.hash).not.toBe(other.hash)
  await approvals.withdraw(bench.people.signedIn(bench.asker), one.id)
  await bench.people.person('viewer')
  expect((await ask()).hash).not.toBe(one.hash)
})

test('a newer policy does not void a request, but asks anew whether both still may', async () => {
  const pending = await ask()
  await bench.people.person('viewer')
  expect(await approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')).toMatchObject({
    state: 'done',
  })
})

test('too late by nothing: from the very moment of expiry nobody can approve', async () => {
  const pending = await ask()
  const late = bench.people.signedIn(bench.approver)
  bench.people.now = pending.expiresAt
  Object.assign(late.held, { authenticatedAt: bench.people.now })
  await expect(approvals.approve(late, pending.id, pending.hash, '')).rejects.toEqual(code('EXPIRED'))
  await approvals.expire()
  expect(await approvals.get(pending.id)).toMatchObject({ state: 'expired' })
  expect(bench.actionsOn(model)).toContain('approval.expire none')
  // What has expired can be asked for again.
  expect(await ask()).toMatchObject({ state: 'pending' })
})

async function assignmentOf(userId: string): Promise<string> {
  const found = bench.people.policy.compiled().policy.assignments.find(({ subject }) => subject.id === userId)
  return found?.id ?? ''
}

test('an bench.approver demoted meanwhile is refused, with the session from before', async () => {
  const demoted = await bench.people.person('operator')
  const session = bench.people.signedIn(demoted)
  const pending = await ask()
  await bench.people.policy.unassign(systemCaller('setup'), await assignmentOf(demoted))
  await expect(approvals.approve(session, pending.id, pending.hash, '')).rejects.toEqual(code('FORBIDDEN'))
  expect(await approvals.get(pending.id)).toMatchObject({ state: 'pending' })
})

test('demoted by a command beside the running Aura: the approval looks before it believes', async () => {
  const demoted = await bench.people.person('operator')
  const session = bench.people.signedIn(demoted)
  const pending = await ask()
  const beside = await createPeople(bench.database.db, bench.audit)
  await beside.policy.unassign(systemCaller('os:root'), await assignmentOf(demoted))
  await beside[Symbol.asyncDispose]()
  await expect(approvals.approve(session, pending.id, pending.hash, '')).rejects.toEqual(code('FORBIDDEN'))
})

test('when the one who asked lost the right or the account, nobody can approve it for them', async () => {
  const leaver = await bench.people.person('operator')
  const pending = await ask(leaver)
  await bench.people.policy.unassign(systemCaller('setup'), await assignmentOf(leaver))
  const lost = approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')
  await expect(lost).rejects.toEqual(code('REQUESTER_FORBIDDEN'))
  const locked = await ask()
  approvals = bench.create({ isActive: (id) => id !== bench.asker })
  const orphan = approvals.approve(bench.people.signedIn(bench.approver), locked.id, locked.hash, '')
  await expect(orphan).rejects.toEqual(code('REQUESTER_FORBIDDEN'))
})

test('who has not proved lately who they are is asked again; tokens can never', async () => {
  const pending = await ask()
  const tired = bench.people.signedIn(bench.approver)
  Object.assign(tired.held, { authenticatedAt: bench.people.now - 10 * minute - 1 })
  await expect(approvals.approve(tired, pending.id, pending.hash, '')).rejects.toEqual(
    code('REAUTHENTICATION_REQUIRED'),
  )
  const token = bench.people.signedIn(bench.approver, ['action:approve'])
  await expect(approvals.approve(token, pending.id, pending.hash, '')).rejects.toEqual(
    code('REAUTHENTICATION_REQUIRED'),
  )
  Object.assign(tired.held, { authenticatedAt: bench.people.now - 10 * minute })
  expect(await approvals.approve(tired, pending.id, pending.hash, '')).toMatchObject({ state: 'done' })
})

test('dynamic separation: whoever asks for a thing too does not approve another’s request for it', async () => {
  const pending = await ask()
  const rival = await bench.people.person('operator')
  const theirs = await ask(rival)
  const crossed = approvals.approve(bench.people.signedIn(rival), pending.id, pending.hash, '')
  await expect(crossed).rejects.toEqual(code('SEPARATION'))
  await approvals.withdraw(bench.people.signedIn(rival), theirs.id)
  expect(await approvals.approve(bench.people.signedIn(rival), pending.id, pending.hash, '')).toMatchObject({
    state: 'done',
  })
})

test('without the right nobody asks, approves, refuses or withdraws', async () => {
  const viewer = bench.people.signedIn(await bench.people.person('viewer'))
  await expect(approvals.request(viewer, 'model.delete', { model }, '')).rejects.toEqual(code('FORBIDDEN'))
  const pending = await ask()
  await expect(approvals.approve(viewer, pending.id, pending.hash, '')).rejects.toEqual(code('FORBIDDEN'))
  await expect(approvals.refuse(viewer, pending.id, '')).rejects.toEqual(code('FORBIDDEN'))
  await expect(approvals.withdraw(bench.people.signedIn(bench.approver), pending.id)).rejects.toEqual(code('FORBIDDEN'))
  expect(await approvals.withdraw(bench.people.signedIn(bench.asker), pending.id)).toMatchObject({ state: 'withdrawn' })
})
