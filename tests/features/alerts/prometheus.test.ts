import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createAlerts } from '../../../src/features/alerts/index.ts'
import { parseAlerts } from '../../../src/features/alerts/state.ts'
import { createHttpGet } from '../../../src/lib/http-get.ts'
import { createPrometheus, NoPrometheusError, publicUrl } from '../../../src/features/lib/prometheus.ts'
import { expectContract, features, memoryPublisher, standingClock } from '../support.ts'

async function peer(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const alert = (name: string, state: string, severity: string, activeAt: string) => ({
  labels: { alertname: name, severity, instance: 'here' },
  annotations: { summary: `${name} of ${severity}` },
  state,
  activeAt,
  value: '1e+00',
})

const data = {
  alerts: [
    alert('Slow', 'pending', 'critical', '2026-11-20T10:00:00Z'),
    alert('Note', 'firing', 'info', '2026-11-20T10:00:00Z'),
    alert('Full', 'firing', 'critical', '2026-11-20T09:00:00.123456789Z'),
    alert('Gone', 'inactive', 'critical', '2026-11-20T09:00:00Z'),
    { labels: { alertname: 'Bare' }, state: 'firing' },
    'nonsense',
  ],
}

test('firing before pending, the gravest first; what is no alert is left out', () => {
  const alerts = parseAlerts(data)
  expect(alerts.map(({ name }) => name)).toEqual(['Full', 'Note', 'Bare', 'Slow'])
  expect(alerts[0]).toEqual({
    name: 'Full',
    state: 'firing',
    severity: 'critical',
    summary: 'Full of critical',
    labels: { instance: 'here' },
    since: Date.parse('2026-11-20T09:00:00.123Z'),
  })
  expect(() => parseAlerts({ alerts: 'no' })).toThrow('no list')
})

test('the topic says where alerts come from, why there are none, and takes the reason back', async () => {
  let ok = false
  const address = await peer((request, response) => {
    expect(request.url).toBe('/api/v1/alerts')
    response.statusCode = ok ? 200 : 503
    response.end(ok ? JSON.stringify({ status: 'success', data }) : 'Service Unavailable')
  })
  let known: string | undefined
  const prometheus = createPrometheus(
    () => known,
    createHttpGet(2000),
    () => 'there is none',
  )
  const feature = createAlerts(features.alerts, { prometheus, clock: standingClock() })
  const publisher = memoryPublisher()
  const told: unknown[] = []
  const tick = async (): Promise<void> => {
    await feature.tick(publisher)
    expectContract('alerts', publisher.state('alerts'))
    told.push(publisher.state('alerts'))
  }
  await tick()
  known = address
  await tick()
  ok = true
  await tick()
  expect(told).toEqual([
    { reason: 'there is none', alerts: [] },
    { source: `http://${address}`, reason: 'Prometheus answered something that is no JSON', alerts: [] },
    { source: `http://${address}`, alerts: parseAlerts(data) },
  ])
})

test('one question of a kind is in flight; one that gets no answer ends in time', async () => {
  let asked = 0
  const address = await peer(() => asked++)
  const prometheus = createPrometheus(
    () => address,
    createHttpGet(100),
    () => '',
  )
  const answers = await Promise.allSettled([
    prometheus.get('/a'),
    prometheus.get('/a'),
    prometheus.get('/a', { b: '1' }),
  ])
  expect(asked).toBe(2)
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(NoPrometheusError) })
    expect(String((answer as PromiseRejectedResult).reason)).toContain('no answer within 100 ms')
  }
})

test('a user and a password are sent, and not shown', async () => {
  let header: string | undefined
  const address = await peer((request, response) => {
    header = request.headers.authorization
    response.end('{"status":"error","error":"bad query"}')
  })
  const url = `http://me:word@${address}/prefix/`
  const prometheus = createPrometheus(
    () => url,
    createHttpGet(2000),
    () => '',
  )
  await expect(prometheus.get('/x')).rejects.toThrow('Prometheus refused (200): bad query')
  expect(header).toBe(`Basic ${Buffer.from('me:word').toString('base64')}`)
  expect(prometheus.source).toBe(`http://${address}/prefix`)
  expect(publicUrl('https://a.b:1/?token=x#y')).toBe('https://a.b:1')
})
