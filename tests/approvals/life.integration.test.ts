import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunningApprovals } from '../../src/approvals/index.ts'
import { createApprovalMetrics } from '../../src/approvals/metrics.ts'
import { startApprovals, type ApprovalsBench } from '../support/approvals.ts'

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

test('what cannot be done is refused before anybody is asked; so is the same thing twice', async () => {
  await expect(ask(bench.asker, 'missing')).rejects.toEqual(code('INVALID'))
  await expect(approvals.request(bench.people.signedIn(bench.asker), 'no.such', {}, '')).rejects.toEqual(
    code('INVALID'),
  )
  await ask()
  await expect(ask()).rejects.toEqual(code('ALREADY_REQUESTED'))
  for (const id of ['nothing', '00000000-0000-0000-0000-000000000000']) {
    await expect(approvals.approve(bench.people.signedIn(bench.approver), id, 'x', '')).rejects.toEqual(
      code('NOT_FOUND'),
    )
  }
})

test('what fails is kept as failed, without the inner words of the failure', async () => {
  const pending = await ask(bench.asker, `broken-${model}`)
  const failed = await approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')
  expect(failed).toMatchObject({ state: 'failed', outcome: { error: expect.any(String) } })
  expect(JSON.stringify(failed)).not.toContain('secret detail')
})

test('when the audit log cannot be written nothing is asked, approved or done', async () => {
  const pending = await ask()
  bench.audit.failing = true
  await expect(approvals.approve(bench.people.signedIn(bench.approver), pending.id, pending.hash, '')).rejects.toThrow(
    'audit log',
  )
  await expect(ask(bench.approver)).rejects.toThrow('audit log')
  bench.audit.failing = false
  expect(await approvals.get(pending.id)).toMatchObject({ state: 'pending' })
  expect(bench.deleted).not.toContain(model)
})

test.each(['approved', 'running'])('a crash after %s: the next start does it, once', async (state) => {
  const pending = await ask()
  await sql`update aura.approval set state = ${state}, decided_by = ${bench.approver}, decided_at = now() where id = ${pending.id}`.execute(
    bench.database.db,
  )
  const next = bench.create()
  await next.resume()
  await next.close()
  expect(await next.get(pending.id)).toMatchObject({ state: 'done' })
  await bench.create().resume()
  expect(bench.deleted.filter((one) => one === model)).toHaveLength(1)
})

test('an act that ends the process each time is given up', async () => {
  const pending = await ask()
  await sql`update aura.approval set state = 'running', attempts = 3, decided_by = ${bench.approver} where id = ${pending.id}`.execute(
    bench.database.db,
  )
  const next = bench.create()
  await next.resume()
  await next.close()
  expect(await next.get(pending.id)).toMatchObject({ state: 'failed' })
  expect(bench.deleted).not.toContain(model)
})

test('lists are newest first, paged and filtered', async () => {
  const made = []
  for (const suffix of ['a', 'b', 'c']) made.push(await ask(bench.asker, model + suffix))
  const [, b, c] = made
  expect((await approvals.list({ limit: 2 })).map(({ id }) => id)).toEqual([c?.id, b?.id])
  const rest = await approvals.list({ limit: 1, before: b?.id ?? '', state: 'pending' })
  expect(rest.map(({ id }) => id)).toEqual([made[0]?.id])
  expect(await approvals.list({ limit: 1, before: 'no such' })).toEqual([])
})

test('metrics: what waits, since when, and how it was decided', async () => {
  await sql`update aura.approval set state = 'withdrawn' where state = 'pending'`.execute(bench.database.db)
  const register = new Registry()
  approvals = bench.create({ metrics: createApprovalMetrics(register, ['model.delete'], () => bench.people.now) })
  const pending = await ask()
  bench.people.now += 90_000
  await expect.poll(() => register.metrics()).toContain('aura_approvals_oldest_pending_age_seconds 90')
  expect(await register.metrics()).toContain('aura_approvals_pending{type="model.delete"} 1')
  await approvals.refuse(bench.people.signedIn(bench.approver), pending.id, '')
  await expect.poll(() => register.metrics()).toContain('aura_approvals_pending{type="model.delete"} 0')
  const text = await register.metrics()
  expect(text).toContain('aura_approvals_decided_total{type="model.delete",outcome="refused"} 1')
  expect(text).toContain('aura_approvals_oldest_pending_age_seconds 0')
})
