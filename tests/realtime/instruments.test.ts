import { metrics } from '@opentelemetry/api'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics' // prettier-ignore
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instrument } from '../../src/realtime/instruments.ts'
import { fakeBridge } from '../support/realtime-fakes.ts'

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 })

beforeAll(() => void metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] })))
afterAll(() => reader.shutdown())

test('the bridge counts what it publishes, delivers, skips and closes', async () => {
  let open = ['websocket', 'websocket', 'sse']
  const totals = instrument(() => open)
  const { clock, join, publish } = await fakeBridge({ totals })
  const { session } = join('state', 'event')
  for (let n = 1; n <= 3; n++) publish('state', n, 'cpu')
  publish('event', 1)
  clock.advance(200)
  session.close(4000, 'enough')
  await reader.forceFlush()
  const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const points = Object.fromEntries(
    found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ attributes, value }) => [attributes, value])]), // prettier-ignore
  )
  expect(points).toMatchObject({
    'aura.bridge.delivered': expect.arrayContaining([[{ class: 'state' }, 1], [{ class: 'event' }, 1]]), // prettier-ignore
    'aura.bridge.skipped': [[{}, 2]],
    'aura.bridge.closes': [[{ code: 4000 }, 1]],
    'aura.bridge.connections': [[{ transport: 'websocket' }, 2], [{ transport: 'sse' }, 1]], // prettier-ignore
  })
  expect(Object.keys(points)).toContain('aura.bridge.delivery.latency')
  expect(Object.keys(points)).toContain('aura.bridge.published')

  // The last one has gone.
  exporter.reset()
  open = []
  await reader.forceFlush()
  const after = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const connections = after.find(({ descriptor }) => descriptor.name === 'aura.bridge.connections')
  expect(connections?.dataPoints.map(({ value }) => value)).toEqual([0, 0])
})
