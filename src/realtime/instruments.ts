import { metrics } from '@opentelemetry/api'
import { createTotals, type Totals } from './totals.ts'
import type { TopicClass } from './types.ts'

const boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const byClass = (counts: Record<TopicClass, number>) => (): [object, number][] =>
  Object.entries(counts).map(([name, value]) => [{ class: name }, value])

/** Totals that are also OpenTelemetry instruments: plain counting on the way, read when somebody asks. */
export function instrument(transports: () => Iterable<string>): Totals {
  const meter = metrics.getMeter('aura')
  const latency = meter.createHistogram('aura.bridge.delivery.latency', {
    description: 'From publish to the transport; one delivery in sixteen is timed.',
    unit: 's',
    advice: { explicitBucketBoundaries: boundaries },
  })
  const totals = createTotals((kind, ms) => latency.record(ms / 1000, { class: kind }))
  const counter = (name: string, description: string, read: () => Iterable<[object, number]>): void =>
    meter.createObservableCounter(name, { description }).addCallback((result) => {
      for (const [attributes, value] of read()) result.observe(value, attributes as Record<string, string | number>)
    })
  counter('aura.bridge.published', 'Messages published.', byClass(totals.published))
  counter('aura.bridge.delivered', 'Messages handed to transports.', byClass(totals.delivered))
  counter('aura.bridge.skipped', 'Values of state topics conflated away.', () => [[{}, totals.skipped]])
  counter('aura.bridge.closes', 'Connections ended, by code; 0: the client or its network went away.', () =>
    [...totals.closes].map(([code, value]): [object, number] => [{ code }, value]),
  )
  const counts = new Map<string, number>()
  meter
    .createObservableUpDownCounter('aura.bridge.connections', { description: 'Connections open.' })
    .addCallback((result) => {
      recount(counts, transports())
      for (const [transport, value] of counts) result.observe(value, { transport })
    })
  return totals
}

/** Counts anew. Names known before stay, with 0: OpenTelemetry shows the last value of what is no longer observed. */
function recount(counts: Map<string, number>, names: Iterable<string>): void {
  for (const name of counts.keys()) counts.set(name, 0)
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
}
