import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createSecurityAlerts, type SecurityAlerts } from '../../../src/audit/alerts/index.ts'
import type { SecurityAlert } from '../../../src/audit/alerts/types.ts'
import type { RunningAudit } from '../../../src/audit/index.ts'
import type { AuditEntry } from '../../../src/audit/types.ts'
import { insertUser } from '../../../src/auth/users.ts'
import { startAudit, type AuditBench } from '../../support/audit.ts'
import { quiet } from '../../support/logger.ts'
import { createPeople } from '../../support/policy.ts'

let bench: AuditBench
let audit: RunningAudit
let open: SecurityAlerts[] = []

beforeAll(async () => {
  bench = await startAudit()
  audit = await bench.create()
}, 60_000)
afterEach(close)
afterAll(() => bench?.[Symbol.asyncDispose]())

async function close(): Promise<void> {
  for (const alerts of open) await alerts.close()
  open = []
}

const counted: string[] = []
const tally = (rule: string): void => void counted.push(rule)
function watch(clock = Date.now): SecurityAlerts {
  const alerts = createSecurityAlerts({ db: bench.database.db, audit, clock, log: quiet, count: tally })
  open.push(alerts)
  return alerts
}

/** A name of its own for each test: they share one log, as it cannot be emptied. */
const someone = (): string => `u-${randomUUID()}`

/** Each from an address of its own, which is another rule's. */
let addresses = 0
const failure = (user: string, ip = `10.0.${addresses >> 8}.${addresses++ & 255}`): AuditEntry => ({
  actor: { id: user, ip },
  action: 'session.refuse',
  object: `user:${user}`,
  decision: 'deny',
})

async function of(alerts: SecurityAlerts, actor: string): Promise<SecurityAlert[]> {
  await alerts.settled()
  return (await alerts.list({ limit: 200 })).filter((alert) => alert.actor === actor)
}

test('an alert grows while it is open, and names the rows that tell of it', async () => {
  const [alerts, user] = [watch(), someone()]
  const heard: SecurityAlert[] = []
  alerts.follow((alert) => heard.push(alert))
  const seqs: number[] = []
  for (let i = 0; i < 7; i++) seqs.push(await audit.record(failure(user)))
  expect(await of(alerts, user)).toMatchObject([
    {
      rule: 'failed-sign-ins',
      severity: 'warning',
      count: 7,
      seqs,
      address: expect.stringMatching(/^10\.0\.0/),
      acknowledgedBy: undefined,
    },
  ])
  await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ actor: user, count: 7 }))
  expect(counted.filter((rule) => rule === 'failed-sign-ins')).toHaveLength(1)
})

test('a restart counts on: what was before it counts, and nothing counts twice', async () => {
  const user = someone()
  const before = watch()
  for (let i = 0; i < 3; i++) await audit.record(failure(user))
  expect(await of(before, user)).toEqual([])
  await close()
  for (let i = 0; i < 2; i++) await audit.record(failure(user))
  expect(await of(watch(), user)).toMatchObject([{ count: 5 }])
  await close()
  expect(await of(watch(), user)).toMatchObject([{ count: 5 }])
  await audit.record(failure(user))
  expect(await of(open[0] as SecurityAlerts, user)).toMatchObject([{ count: 6 }])
})

test('acknowledging is in the log, happens once, and lets the next one open anew', async () => {
  const { db } = bench.database
  await using people = await createPeople(db, audit)
  const caller = people.signedIn(await people.person('operator'))
  const [alerts, user] = [watch(), someone()]
  for (let i = 0; i < 5; i++) await audit.record(failure(user))
  const [alert] = await of(alerts, user)
  const id = alert?.id ?? ''
  const outcomes = await Promise.allSettled([
    alerts.acknowledge(caller, id, 'it was me'),
    alerts.acknowledge(caller, id, 'me too'),
  ])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const acknowledged = await db
    .selectFrom('audit.log')
    .select('actor')
    .where('action', '=', 'alert.acknowledge')
    .where('object', '=', `alert:${id}`)
    .execute()
  expect(acknowledged).toEqual([{ actor: caller.id }])
  await audit.record(failure(user))
  expect(await of(alerts, user)).toMatchObject([
    { count: 1, acknowledgedBy: undefined },
    { count: 5, acknowledgedBy: caller.id },
  ])
  expect((await alerts.list({ open: true, limit: 200 })).map((one) => one.id)).not.toContain(id)
  for (const none of ['999999', 'nothing', '', '-1', '9'.repeat(40)]) {
    await expect(alerts.acknowledge(caller, none, undefined)).rejects.toMatchObject({ statusCode: 404 })
  }
})

test('acknowledging fails when the log cannot be written, and then nothing is acknowledged', async () => {
  const { db } = bench.database
  await using people = await createPeople(db, audit)
  const caller = people.signedIn(await people.person('operator'))
  const user = someone()
  const failing = createSecurityAlerts({
    db,
    audit: { append: () => Promise.reject(new Error('full')), follow: (listener) => audit.follow(listener) },
    clock: Date.now,
    log: quiet,
  })
  open.push(failing)
  for (let i = 0; i < 5; i++) await audit.record(failure(user))
  const [alert] = await of(failing, user)
  await expect(failing.acknowledge(caller, alert?.id ?? '', undefined)).rejects.toThrow('full')
  expect(await of(failing, user)).toMatchObject([{ acknowledgedBy: undefined }])
})

test('sign-ins: the first device of a user is none to tell of, another browser or network is, once', async () => {
  const { db } = bench.database
  const login = someone()
  const { id: user } = await db
    .transaction()
    .execute((tx) => insertUser(tx, { login, name: login }, 'active', Date.now()))
  const alerts = watch()
  async function signIn(agent: string, ip: string): Promise<number> {
    const session = randomUUID()
    const now = new Date()
    await db
      .insertInto('aura.session')
      .values({
        id: session,
        hash: session,
        user_id: user,
        created_at: now,
        last_seen_at: now,
        authenticated_at: now,
        expires_at: new Date(Date.now() + 60_000),
        method: 'password',
        ip,
        agent,
        csrf: '',
        roles: '',
      })
      .execute()
    await audit.record({ actor: { id: user, session, ip }, action: 'session.create', decision: 'allow' })
    return (await of(alerts, user)).reduce((sum, { count }) => sum + count, 0)
  }
  expect(await signIn('Firefox/143.0 (Linux)', '192.0.2.1')).toBe(0)
  expect(await signIn('Firefox/144.0 (Linux)', '192.0.2.99')).toBe(0)
  expect(await signIn('Chrome/140 (Windows)', '192.0.2.1')).toBe(1)
  expect(await signIn('Firefox/144.0 (Linux)', '198.51.100.1')).toBe(2)
  expect(await signIn('Firefox/144.0 (Linux)', '198.51.100.1')).toBe(2)
  await audit.record({ actor: { id: 'u0' }, action: 'user.erase', object: `user:${user}`, decision: 'allow' })
  expect(await of(alerts, user)).toMatchObject([{ rule: 'new-device', address: undefined }])
  expect(await db.selectFrom('aura.known_device').selectAll().where('user_id', '=', user).execute()).toEqual([])
})

test('who approves for the first time', async () => {
  const [alerts, user] = [watch(), someone()]
  const approve: AuditEntry = { actor: { id: user }, action: 'approval.approve', decision: 'allow' }
  await audit.record({ ...approve, decision: 'deny' })
  expect(await of(alerts, user)).toEqual([])
  await audit.record(approve)
  await audit.record(approve)
  expect(await of(alerts, user)).toMatchObject([{ rule: 'new-approver', count: 1 }])
})

test('one address that tries many names', async () => {
  const alerts = watch()
  for (let i = 0; i < 20; i++) await audit.record(failure(someone(), '203.0.113.9'))
  await alerts.settled()
  const alert = (await alerts.list({ limit: 200 })).find(({ rule }) => rule === 'failed-sign-ins-address')
  expect(alert).toMatchObject({ count: 20, address: '203.0.113.9', actor: undefined })
})

test('what is in no row is raised too, together when it comes in a flood', async () => {
  const alerts = watch()
  const signal = { rule: 'audit-write-failed', key: 'log', severity: 'critical', summary: 'no' } as const
  for (let i = 0; i < 100; i++) alerts.signal(signal)
  await alerts.settled()
  const alert = (await alerts.list({ limit: 200 })).find(({ rule }) => rule === 'audit-write-failed')
  expect(alert).toMatchObject({ count: 100, severity: 'critical' })
})

test('an alert names at most a hundred rows, the newest', async () => {
  const [alerts, user] = [watch(), someone()]
  const seqs = await Promise.all(Array.from({ length: 150 }, () => audit.record(failure(user))))
  const [alert] = await of(alerts, user)
  expect(alert?.count).toBe(150)
  expect(alert?.seqs).toEqual(seqs.toSorted((a, b) => a - b).slice(-100))
})
