import { metrics } from '@opentelemetry/api'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics' // prettier-ignore
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deliveredOf } from '../../../src/features/alerts/delivery.ts'
import { createDeliveredAlerts } from '../../../src/features/alerts/store.ts'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { makeUser, token, type Headers } from '../../support/sign-in.ts'
import { alertWith, delivery } from './support.ts'

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 })
let postgres: TestPostgres
let aura: TestConsole
let service: Headers
let viewer: Headers

beforeAll(async () => {
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  postgres = await startPostgres(18)
  const url = postgres.urlOf('postgres')
  aura = await startConsole((config) => ({ ...config, database: { ...config.database, url } }))
  service = await token(aura, await makeUser(aura, 'service'))
  viewer = await token(aura, await makeUser(aura, 'viewer'))
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
  await reader.shutdown()
})
beforeEach(() => postgres.admin('truncate aura.delivered_alert'))

const post = (payload: object | string, headers: Headers = service) =>
  aura.app.inject({
    method: 'POST',
    url: '/api/alerts/webhook',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  })
const get = async (query = '') =>
  (await aura.app.inject({ url: `/api/alerts/delivered${query}`, headers: { ...service } })).json()
const over = alertWith({ status: 'resolved', endsAt: '2026-11-20T10:00:00Z' })

test('a delivery is kept once however often it comes, and a resolution closes it', async () => {
  const answer = await post(delivery(alertWith(), alertWith({ fingerprint: 'b2' })))
  expect([answer.statusCode, answer.json()]).toEqual([200, { kept: 2 }])
  await Promise.all([1, 2, 3, 4].map(() => post(delivery(alertWith({ fingerprint: 'b2' }), alertWith()))))
  const { alerts } = await get()
  expect(alerts).toHaveLength(2)
  expect(await get('?state=resolved')).toEqual({ alerts: [] })
  await post(delivery(over))
  const { alerts: closed } = await get('?state=resolved')
  expect(closed).toMatchObject([
    {
      fingerprint: 'a1',
      state: 'resolved',
      labels: { alertname: 'Full', severity: 'critical', instance: 'here' },
      annotations: { summary: 'Full of it' },
      generatorUrl: 'http://prometheus/graph',
      startsAt: Date.parse('2026-11-20T09:00:00.123Z'),
      endsAt: Date.parse('2026-11-20T10:00:00Z'),
    },
  ])
  expect((await get('?state=firing')).alerts.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).toEqual([
    'b2',
  ])
})

test('an older firing does not reopen it; another start is another row', async () => {
  await post(delivery(over))
  await post(delivery(alertWith({ annotations: { summary: 'older' } })))
  expect((await get()).alerts).toMatchObject([{ state: 'resolved', annotations: { summary: 'Full of it' } }])
  await post(delivery(alertWith({ startsAt: '2026-11-20T12:00:00Z' })))
  expect((await get()).alerts.map(({ state }: { state: string }) => state)).toEqual(['firing', 'resolved'])
})

test('firing long after the resolution: it was given up, and fires still; a day of silence ends that', async () => {
  let now = Date.parse('2026-11-20T10:00:00Z')
  const store = createDeliveredAlerts(aura.app.database.db, () => now)
  const stateNow = async () => (await store.page({})).alerts.map(({ state, endsAt }) => [state, endsAt])
  await store.keep(deliveredOf(delivery(over)))
  now += 14 * 60_000
  await store.keep(deliveredOf(delivery(alertWith())))
  expect(await stateNow()).toEqual([['resolved', Date.parse('2026-11-20T10:00:00Z')]])
  now += 2 * 60_000
  await store.keep(deliveredOf(delivery(alertWith())))
  expect(await stateNow()).toEqual([['firing', undefined]])
  expect(await store.firing()).toHaveLength(1)
  now += 86_400_000
  expect(await store.firing()).toEqual([])
})

test('what was not delivered again for 90 days goes when something else comes', async () => {
  const day = 86_400_000
  let now = Date.parse('2026-01-01T00:00:00Z')
  const store = createDeliveredAlerts(aura.app.database.db, () => now)
  await store.keep(deliveredOf(delivery(over)))
  now += 89 * day
  await store.keep(deliveredOf(delivery(alertWith({ fingerprint: 'b2' }))))
  expect((await store.page({})).alerts).toHaveLength(2)
  now += 2 * day
  await store.keep(deliveredOf(delivery(alertWith({ fingerprint: 'b2' }))))
  expect((await store.page({})).alerts.map(({ fingerprint }) => fingerprint)).toEqual(['b2'])
})

test('pages of the newest first, without a gap and without one twice', async () => {
  const names = Array.from({ length: 7 }, (_, i) => `c${i}`)
  for (const fingerprint of names) await post(delivery(alertWith({ fingerprint })))
  const seen: string[] = []
  for (let before = ''; ;) {
    const page = await get(`?limit=3${before}`)
    seen.push(...page.alerts.map(({ fingerprint }: { fingerprint: string }) => fingerprint))
    if (page.next === undefined) break
    before = `&before=${page.next}`
  }
  expect(seen).toEqual(names.toReversed())
  const answer = await aura.app.inject({ url: '/api/alerts/delivered?before=x', headers: { ...service } })
  expect(answer.statusCode).toBe(400)
})

test('without Prometheus the console shows what was delivered', async () => {
  await post(delivery(alertWith(), alertWith({ fingerprint: 'b2', labels: { severity: 'warning' } })))
  const store = createDeliveredAlerts(aura.app.database.db, Date.now)
  expect((await store.firing()).map(({ labels }) => labels['alertname'])).toEqual(['an alert without a name', 'Full'])
  const shown = async () => (await aura.app.inject({ url: '/api/alerts/firing', headers: { ...viewer } })).json()
  await expect.poll(shown, { timeout: 30_000, interval: 500 }).toMatchObject({
    source: 'Alertmanager',
    reason: expect.stringContaining('Prometheus does not answer'),
    alerts: [{ name: 'Full' }, { name: 'an alert without a name' }],
  })
})

test.each<[string, object | string, string]>([
  ['another version', { ...delivery(alertWith()), version: '3' }, 'body/version'],
  ['no alerts', { version: '4', status: 'firing', groupKey: '{}' }, 'alerts'],
  ['another state', delivery({ ...alertWith(), status: 'burning' as 'firing' }), 'body/alerts/0/status'],
  ['no time', delivery(alertWith({ startsAt: 'yesterday' })), 'body/alerts/0/startsAt'],
  ['a second too many', delivery(alertWith({ endsAt: '2026-11-20T09:00:61Z' })), 'endsAt'],
  ['no fingerprint', delivery(alertWith({ fingerprint: 'Robert"); --' })), 'body/alerts/0/fingerprint'],
  ['a label too long', delivery(alertWith({ labels: { a: 'x'.repeat(5000) } })), 'body/alerts/0/labels'],
  ['too many', delivery(...Array.from({ length: 1001 }, () => alertWith())), 'body/alerts'],
  ['no JSON', '{"version":', 'JSON'],
  ['no object', '[]', 'body'],
])('%s: 400, with a reason, and nothing is kept', async (_, payload, reason) => {
  const answer = await post(payload)
  expect(answer.statusCode).toBe(400)
  expect(answer.json().error.message).toContain(reason)
  expect(await get()).toEqual({ alerts: [] })
})

test('odd characters do not cost the alert; a thousand at once are kept', async () => {
  const odd = await post(delivery(alertWith({ annotations: { summary: 'a\0b\uD800c' } })))
  expect(odd.statusCode).toBe(200)
  expect((await get()).alerts).toMatchObject([{ annotations: { summary: 'a\uFFFDb\uFFFDc' } }])
  const alerts = Array.from({ length: 1000 }, (_one, i) => alertWith({ fingerprint: i.toString(16) }))
  expect((await post(delivery(...alerts))).json()).toEqual({ kept: 1000 })
})

test('more than a MiB is refused; who is nobody, and who may not deliver', async () => {
  expect((await post(delivery(alertWith({ generatorURL: 'x'.repeat(1_048_576) })))).statusCode).toBe(413)
  expect((await post(delivery(alertWith()), {})).statusCode).toBe(401)
  expect((await post(delivery(alertWith()), { authorization: 'Bearer aura_nothing' })).statusCode).toBe(401)
  const refused = await post(delivery(alertWith()), viewer)
  expect([refused.statusCode, refused.json().error]).toMatchObject([403, { capability: 'alerts:deliver' }])
  expect(await get()).toEqual({ alerts: [] })
})

test('while the database is away the answer is 503, and the next try is kept; all of it is counted', async () => {
  await postgres.stop()
  try {
    const answer = await post(delivery(alertWith()))
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'UNAVAILABLE'])
  } finally {
    await postgres.start()
  }
  await expect.poll(async () => (await post(delivery(alertWith()))).statusCode, { timeout: 30_000 }).toBe(200)
  expect((await get()).alerts).toHaveLength(1)

  await reader.forceFlush()
  const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const points = all.findLast(({ descriptor }) => descriptor.name === 'aura.alert.deliveries')?.dataPoints ?? []
  const counted = Object.fromEntries(points.map(({ attributes, value }) => [attributes['outcome'], value]))
  expect(counted).toEqual({ accepted: expect.any(Number), refused: 14, failed: expect.any(Number) })
  expect(counted['failed']).toBeGreaterThanOrEqual(1)
})
