import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { makeUser, session, type Headers } from '../../support/sign-in.ts'

let aura: TestConsole
let folder: string
let file: string
let operator: Headers
let administrator: Headers
let administratorId: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aura-audit-routes-'))
  file = join(folder, 'app.log')
  const foreign = { sources: { app: { files: file, actor: 'who', action: 'did' } }, keep: '90d', keep_lines: 1000 }
  aura = await startConsole((config) => ({ ...config, audit: { ...config.audit, foreign } }), true)
  operator = await session(aura, await makeUser(aura, 'operator'))
  administratorId = await makeUser(aura, 'administrator')
  administrator = await session(aura, administratorId)
}, 60_000)
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const base = '/api/governance/audit-logs'

async function get(url: string, headers: Headers = operator) {
  const answer = await aura.app.inject({ url, headers: { ...headers } })
  return { status: answer.statusCode, text: answer.body, headers: answer.headers, json: () => answer.json() }
}
async function post(url: string, payload: object, headers: Headers = operator) {
  const answer = await aura.app.inject({ method: 'POST', url, payload, headers: { ...headers } })
  return { status: answer.statusCode, body: answer.json() }
}

interface Row {
  readonly seq: number
  readonly action: string
  readonly decision: string
  readonly actor: { readonly id: string; readonly name?: string; readonly ip?: string }
  readonly after?: { readonly rows?: number; readonly complete?: boolean }
}
const rows = async (query: string): Promise<Row[]> => (await get(`${base}?${query}`)).json().rows

test('the log is paged from the newest, without a row missing or twice', async () => {
  for (let i = 0; i < 7; i++) await makeUser(aura, 'viewer')
  const seqs: number[] = []
  let before = ''
  for (let pages = 0; pages < 20; pages++) {
    const page = (await get(`${base}?action=role.*&limit=3${before}`)).json()
    seqs.push(...page.rows.map(({ seq }: Row) => seq))
    if (page.next === undefined) break
    before = `&before=${page.next}`
  }
  expect(seqs.length).toBeGreaterThanOrEqual(9)
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => b - a))
  const { newest } = (await get(`${base}?limit=1`)).json()
  expect((await rows(`after=${newest - 2}&limit=500`)).map(({ seq }) => seq)).toEqual([newest, newest - 1])
})

test('what cannot be searched for is refused in words, and nothing breaks', async () => {
  for (const odd of ['actor=%00', 'from=1e300', 'limit=0', 'before=-1', 'decision=perhaps', 'q=%00x']) {
    expect([odd, (await get(`${base}?${odd}`)).status]).toEqual([odd, 400])
  }
  expect(await rows('q=%25_%5C%27%3B--')).toEqual([])
  expect((await get('/api/governance/alerts?before=nothing')).status).toBe(400)
  expect((await get(`${base}/foreign?before=1%3B`)).status).toBe(400)
})

test('a refusal is in the log, with name and address, and only who may reads it', async () => {
  const viewer = await makeUser(aura, 'viewer')
  const headers = await session(aura, viewer)
  expect((await get(base, headers)).status).toBe(403)
  await vi.waitFor(async () => {
    const [row] = await rows(`actor=${viewer}&decision=deny`)
    expect(row).toMatchObject({ action: 'access.deny', actor: { id: viewer, ip: '127.0.0.1' } })
    expect(row?.actor.name).toMatch(/^u/)
  })
})

test('status and verify: what is shown is what the chain is, and asking for it is in the log', async () => {
  expect((await get(`${base}/status`)).json()).toMatchObject({ newest: expect.any(Number) })
  const { status, body } = await post(`${base}/verify`, {})
  expect(status).toBe(200)
  expect(body).toMatchObject({ state: 'verified', verifiedAt: expect.any(Number) })
  expect(body.verifiedTo).toBe(body.newest - 1)
  expect(await rows('action=audit.verify&limit=1')).toMatchObject([{ after: { verifiedTo: body.verifiedTo } }])
})

test('an export is a download, and it is in the log before it begins and when it ends', async () => {
  expect((await get(`${base}/export`)).status).toBe(403)
  const taken = await get(`${base}/export?action=role.assign`, administrator)
  expect(taken.headers['content-type']).toBe('application/x-ndjson')
  expect(taken.headers['content-disposition']).toMatch(/^attachment; filename="aura-audit-[\dTZ-]+\.jsonl"$/)
  const lines = taken.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.length).toBeGreaterThan(8)
  expect(lines.every(({ action }) => action === 'role.assign')).toBe(true)
  expect(await rows('action=audit.export')).toMatchObject([
    { decision: 'none', after: { rows: lines.length, complete: true } },
    { decision: 'allow', after: { action: 'role.assign', format: 'jsonl' }, actor: { id: administratorId } },
  ])
  const csv = await get(`${base}/export?format=csv&limit=1`, administrator)
  expect(csv.text.startsWith('seq,ts,actor,')).toBe(true)
})

test('a third export in an hour is an alert: listed, acknowledged once, published without addresses', async () => {
  expect((await get(`${base}/export?action=nothing`, administrator)).status).toBe(200)
  const mine = async () => {
    const { alerts } = (await get('/api/governance/alerts?open=true')).json()
    return alerts.find(({ rule, actor }: Record<string, string>) => rule === 'mass-export' && actor === administratorId)
  }
  await vi.waitFor(async () => expect(await mine()).toMatchObject({ severity: 'warning', count: 3 }), 10_000)
  const alert = await mine()
  expect(alert.address).toBe('127.0.0.1')
  const viewer = await session(aura, await makeUser(aura, 'viewer'))
  const url = `/api/governance/alerts/${alert.id}/acknowledge`
  expect((await post(url, {}, viewer)).status).toBe(403)
  expect(await post(url, { comment: 'quarterly report' })).toMatchObject({
    status: 200,
    body: { id: alert.id, comment: 'quarterly report' },
  })
  expect((await post(url, {})).status).toBe(404)
  expect(await mine()).toBeUndefined()
  expect(await rows(`action=alert.acknowledge&object=alert:${alert.id}`)).toHaveLength(1)
  const published = await vi.waitFor(async () => {
    const all = aura.app.database.db.selectFrom('aura.realtime_log').select('json').orderBy('offset')
    const log = all.where('topic', '=', 'security')
    const found = (await log.execute()).map(({ json }) => json).filter((json) => json.includes('mass-export'))
    expect(found.join('\n')).toContain('quarterly report')
    return found
  }, 10_000)
  expect(published.join('')).not.toContain('127.0.0.1')
})

test('foreign lines are shown as such, by source, field and text', async () => {
  appendFileSync(file, '{"who":"eve","did":"login"}\n{"who":"bob","did":"logout"}\nno json\n')
  const foreign = `${base}/foreign`
  await vi.waitFor(async () => expect((await get(foreign)).json().rows).toHaveLength(3), 10_000)
  const all = (await get(foreign)).json()
  expect(all.sources).toEqual([{ name: 'app', files: 1, lines: 3, badLines: 1 }])
  expect(all.rows[0]).toMatchObject({ name: 'app', source: file, bad: 'no json' })
  expect(all.rows[2]).toMatchObject({ entry: { who: 'eve', did: 'login' }, actor: 'eve', action: 'login' })
  const found = async (query: string) => (await get(`${foreign}?${query}`)).json().rows.length
  expect(await found('actor=eve')).toBe(1)
  expect(await found('action=log*')).toBe(2)
  expect(await found('bad=true')).toBe(1)
  expect(await found('q=JSON')).toBe(1)
  expect(await found('q=%25')).toBe(0)
  expect(await found('source=other')).toBe(0)
  const first = (await get(`${foreign}?limit=2`)).json()
  const second = (await get(`${foreign}?limit=2&before=${first.next}`)).json()
  expect([first.rows.length, second.rows.length, second.next]).toEqual([2, 1, undefined])
  // They are beside the log, not in it.
  expect(await rows('actor=eve')).toEqual([])
})

test('metrics tell of alerts, foreign lines, sign-ins and the chain', async () => {
  const page = await aura.register.metrics()
  expect(page).toMatch(/^aura_security_alerts_total\{rule="mass-export",severity="warning"\} 1$/m)
  expect(page).toMatch(/^aura_foreign_audit_lines_total\{source="app",state="good"\} 2$/m)
  expect(page).toMatch(/^aura_foreign_audit_lines_total\{source="app",state="bad"\} 1$/m)
  expect(page).toMatch(/^aura_foreign_audit_files 1$/m)
  expect(page).toMatch(/^aura_sign_ins_total\{outcome="failure"\} \d+$/m)
  expect(page).toMatch(/^aura_audit_decisions_total\{decision="deny"\} [1-9]/m)
  expect(page).toMatch(/^aura_audit_chain_intact 1$/m)
})
