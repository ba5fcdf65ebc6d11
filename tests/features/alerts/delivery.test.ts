import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { createAlerts } from '../../../src/features/alerts/index.ts'
import { readAlerts } from '../../../src/features/alerts/state.ts'
import { deliveredOf } from '../../../src/features/alerts/delivery.ts'
import { NoPrometheusError } from '../../../src/features/lib/prometheus.ts'
import { expectContract, features, standingClock } from '../support.ts'
import { alertWith, delivery } from './support.ts'

test('times, state and texts as they came; a firing alert has no end', () => {
  expect(deliveredOf(delivery(alertWith()))).toEqual([
    {
      fingerprint: 'a1',
      state: 'firing',
      labels: { alertname: 'Full', severity: 'critical', instance: 'here' },
      annotations: { summary: 'Full of it' },
      generatorUrl: 'http://prometheus/graph',
      startsAt: new Date('2026-11-20T09:00:00.123Z'),
      endsAt: undefined,
    },
  ])
  const [over] = deliveredOf(delivery(alertWith({ status: 'resolved', endsAt: '2026-11-20T11:00:00+01:00' })))
  expect(over?.endsAt).toEqual(new Date('2026-11-20T10:00:00Z'))
})

test('the same start twice is one, and over if it is so once; in the same order whichever way they come', () => {
  const open = alertWith({ annotations: { summary: 'before' } })
  const later = alertWith({ annotations: { summary: 'after' } })
  const over = alertWith({ status: 'resolved', endsAt: '2026-11-20T10:00:00Z' })
  const other = alertWith({ fingerprint: 'b2' })
  expect(deliveredOf(delivery(open, later)).map(({ annotations }) => annotations)).toEqual([{ summary: 'after' }])
  for (const order of [
    [other, open, over],
    [over, open, other],
  ]) {
    expect(deliveredOf(delivery(...order)).map(({ fingerprint, state }) => [fingerprint, state])).toEqual([
      ['a1', 'resolved'],
      ['b2', 'firing'],
    ])
  }
})

test('what PostgreSQL cannot keep becomes a replacement character, and long texts are cut', () => {
  const [kept] = deliveredOf(
    delivery(alertWith({ annotations: { a: 'x\0\uD800', ['n'.repeat(300)]: 'y'.repeat(9000) } })),
  )
  expect(kept?.annotations).toEqual({ a: 'x\uFFFD\uFFFD', ['n'.repeat(200)]: 'y'.repeat(4096) })
})

test('a time that no calendar has is refused, and says which', () => {
  const bad = alertWith({ startsAt: '2026-11-20T09:00:60Z' })
  expect(() => deliveredOf(delivery(alertWith(), bad))).toThrow('alerts/1/startsAt is no time')
})

const away = {
  source: 'http://prometheus',
  get: async () => {
    throw new NoPrometheusError('there is none')
  },
}

test('while Prometheus cannot be asked, what was delivered is shown, with the reason', async () => {
  const { labels, annotations } = alertWith()
  const one = { state: 'firing', labels, annotations, activeAt: '2026-11-20T09:00:00.000Z' } as const
  const shown = await readAlerts(away, { firing: async () => [one] })
  expectContract('alerts', shown)
  expect(shown).toEqual({
    source: 'Alertmanager',
    reason: 'there is none',
    alerts: [
      {
        name: 'Full',
        state: 'firing',
        severity: 'critical',
        summary: 'Full of it',
        labels: { instance: 'here' },
        since: Date.parse('2026-11-20T09:00:00Z'),
      },
    ],
  })
})

test('with Prometheus nothing else is asked; without anything delivered all is as before', async () => {
  const here = { source: 'http://prometheus', get: async () => ({ alerts: [] }) }
  expect(await readAlerts(here, { firing: async () => expect.unreachable() })).toEqual({
    source: 'http://prometheus',
    alerts: [],
  })
  const nothing = { source: 'http://prometheus', reason: 'there is none', alerts: [] }
  expect(await readAlerts(away, { firing: async () => [] })).toEqual(nothing)
  expect(await readAlerts(away, { firing: () => Promise.reject(new Error('no database')) })).toEqual(nothing)
})

test('what was delivered is news once it is kept; what was refused or could not be kept is not', async () => {
  const happened: string[] = []
  let full = false
  const feature = createAlerts(features.alerts, {
    prometheus: { source: undefined, get: () => Promise.reject(new NoPrometheusError('none')) },
    clock: standingClock(),
    delivered: {
      keep: async () => {
        if (full) throw new Error('the disk is full')
        happened.push('kept')
      },
      page: async () => ({ alerts: [] }),
      firing: async () => [],
    },
  })
  feature.onNews?.(() => happened.push('news'))
  const app = fastify({ logger: false })
  feature.routes(app)
  const post = async (payload: object): Promise<number> =>
    (await app.inject({ method: 'POST', url: '/api/alerts/webhook', payload })).statusCode
  expect(await post(delivery(alertWith()))).toBe(200)
  expect(await post({ version: '3' })).toBe(400)
  full = true
  expect(await post(delivery(alertWith()))).toBe(503)
  expect(happened).toEqual(['kept', 'news'])
})
