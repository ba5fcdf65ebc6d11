import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AuditEntry } from '../../../src/audit/types.ts'
import { entry, superuserOf } from '../../support/audit.ts'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { makeUser, session, token, type Headers } from '../../support/sign-in.ts'

let aura: TestConsole
let owner: Headers
let ownerToken: Headers

beforeAll(async () => {
  aura = await startConsole(undefined, true)
  const id = await makeUser(aura, 'owner')
  owner = await session(aura, id)
  ownerToken = await token(aura, id)
}, 60_000)
afterAll(() => aura?.[Symbol.asyncDispose]())

const get = (url: string) => aura.app.inject({ url, headers: { ...owner } })

async function alertOf(rule: string): Promise<Record<string, unknown> | undefined> {
  const { alerts } = (await get('/api/governance/alerts')).json()
  return alerts.find((alert: { readonly rule: string }) => alert.rule === rule)
}

test('an entry that cannot be written is refused, and an alert', async () => {
  // No fraction can be in the log.
  const impossible: AuditEntry = entry({ after: { part: 0.5 } })
  await expect(aura.stored.record(impossible)).rejects.toThrow('cannot be in the audit log')
  await vi.waitFor(async () => {
    expect(await alertOf('audit-write-failed')).toMatchObject({ severity: 'critical', count: 1 })
  }, 10_000)
})

test('an export whose reader goes away ends, and the log tells how far it came', async () => {
  const after = { text: 'x'.repeat(3000) }
  await Promise.all(Array.from({ length: 6000 }, () => aura.stored.record(entry({ after }))))
  await aura.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `${aura.app.listeningOrigin}/api/governance/audit-logs/export`
  const leaving = new AbortController()
  const answer = await fetch(url, { headers: { ...ownerToken }, signal: leaving.signal })
  expect(answer.status).toBe(200)
  await answer.body?.getReader().read()
  leaving.abort()
  await vi.waitFor(async () => {
    const { rows } = (await get('/api/governance/audit-logs?action=audit.export&limit=1')).json()
    expect(rows).toMatchObject([{ decision: 'none', after: { complete: false } }])
    expect(rows[0].after.rows).toBeLessThan(6000)
  }, 10_000)
}, 60_000)

test('two exports at once, and no third', async () => {
  const url = `${aura.app.listeningOrigin}/api/governance/audit-logs/export`
  const leaving = new AbortController()
  const ask = () => fetch(url, { headers: { ...ownerToken }, signal: leaving.signal })
  const answers = await Promise.all([ask(), ask(), ask(), ask()])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429, 429])
  leaving.abort()
  await vi.waitFor(async () => {
    const last = await fetch(`${url}?action=nothing`, { headers: { ...ownerToken } })
    expect([last.status, await last.text()]).toEqual([200, ''])
  }, 10_000)
}, 60_000)

test('a row that somebody changed: the check says which, and it is a critical alert, once', async () => {
  const superuser = await superuserOf(aura)
  try {
    await superuser.tamper(`update audit.log set actor = 'mallory' where seq = 7`)
  } finally {
    await superuser.client.end()
  }
  const checked = await aura.app.inject({
    method: 'POST',
    url: '/api/governance/audit-logs/verify',
    headers: { ...owner },
  })
  expect(checked.json()).toMatchObject({ state: 'broken', brokenAt: 7, verifiedTo: 6 })
  expect((await get('/api/governance/audit-logs/status')).json()).toMatchObject({ state: 'broken', brokenAt: 7 })
  await vi.waitFor(async () => {
    expect(await alertOf('chain-broken')).toMatchObject({ severity: 'critical', seqs: [7], count: 1 })
  }, 20_000)
  await sleep(6000)
  expect(await alertOf('chain-broken')).toMatchObject({ count: 1 })
}, 60_000)
