import { metrics } from '@opentelemetry/api'
import type { CentrifugoStatus } from './status.ts'

/** The status as OpenTelemetry instruments, read when somebody asks. */
export function instrumentCentrifugo(status: () => CentrifugoStatus): void {
  const meter = metrics.getMeter('aura')
  const gauge = (name: string, description: string, read: (status: CentrifugoStatus) => number): void =>
    meter.createObservableGauge(name, { description }).addCallback((result) => result.observe(read(status())))
  const counter = (name: string, description: string, read: (status: CentrifugoStatus) => number): void =>
    meter.createObservableCounter(name, { description }).addCallback((result) => result.observe(read(status())))
  gauge('aura.centrifugo.up', '1 while Centrifugo answers.', ({ state }) => (state === 'up' ? 1 : 0))
  gauge('aura.centrifugo.queued', 'Messages that wait for Centrifugo.', ({ queued }) => queued)
  counter('aura.centrifugo.published', 'Messages that Centrifugo has taken.', ({ published }) => published)
  counter('aura.centrifugo.failures', 'Requests to Centrifugo that failed.', ({ failures }) => failures)
  counter('aura.centrifugo.lost', 'Messages given up because too many waited for Centrifugo.', ({ lost }) => lost)
}
