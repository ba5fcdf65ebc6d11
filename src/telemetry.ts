import { createRequire } from 'node:module'
import type * as Api from '@opentelemetry/api'
import type * as Prometheus from '@opentelemetry/exporter-prometheus'
import type * as Metrics from '@opentelemetry/sdk-metrics'
import type { Config } from './config/schema.ts'
import type { Logger } from './lib/logger.ts'
import { createExemplars, type Exemplars } from './otel/exemplars.ts'
import { requestBounds } from './otel/bounds.ts'
import { startLocalTraces } from './otel/local.ts'
import { startSending } from './otel/sending.ts'
import type { Otlp } from './otlp-configured.ts'

// As CommonJS: an ES import of the exporter imports node:http as an ES module, and that makes Node load its WebSocket
// client, 13 MB.
const require = createRequire(import.meta.url)
const { context, metrics, propagation, trace }: typeof Api = require('@opentelemetry/api')
const { PrometheusExporter, PrometheusSerializer }: typeof Prometheus = require('@opentelemetry/exporter-prometheus')
const { MeterProvider }: typeof Metrics = require('@opentelemetry/sdk-metrics')

/** Running telemetry. */
export interface Telemetry {
  /** Our own instruments in Prometheus' text format. */
  readonly instruments: () => Promise<string>
  /** Whatever is observed through this meter leaves over OTLP alone; undefined where nothing is sent. */
  readonly readings: Api.Meter | undefined
  /** Traces behind the buckets of latency histograms; undefined where no trace leaves. */
  readonly exemplars: Exemplars | undefined
  /** Sends what is left, where anything is sent at all. */
  readonly shutdown: () => Promise<void>
}

/**
 * Starts telemetry; must run before whatever it is to observe is loaded. What is not to leave is not even loaded: then
 * the instruments are only read by `/metrics`, and traces are ids in log lines.
 */
export function startTelemetry(config: Config['telemetry'], otlp: Otlp, log: Logger): Telemetry {
  const prometheus = new PrometheusExporter({ preventServerStart: true })
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  const sending = otlp.traces || otlp.metrics ? startSending(config, otlp, prometheus, log) : undefined
  const provider = sending?.instruments ?? new MeterProvider({ readers: [prometheus] })
  metrics.setGlobalMeterProvider(provider)
  if (!otlp.traces) startLocalTraces()
  return {
    async instruments() {
      const { resourceMetrics } = await prometheus.collect()
      const page = serializer.serialize(withUnits(resourceMetrics))
      return page.includes('\n# TYPE') || page.startsWith('# HELP') ? page : ''
    },
    readings: sending?.readings,
    exemplars: otlp.traces ? createExemplars(requestBounds) : undefined,
    async shutdown() {
      try {
        await Promise.all([sending?.shutdown(), provider.shutdown()])
      } catch (error) {
        log.warn({ err: error }, 'telemetry was not flushed')
      }
      for (const api of [trace, metrics, propagation, context]) api.disable()
    },
  }
}

const suffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

function withUnit(metric: Metrics.MetricData): Metrics.MetricData {
  const { name, unit } = metric.descriptor
  const suffix = suffixes[unit]
  if (suffix === undefined) return metric
  return { ...metric, descriptor: { ...metric.descriptor, name: `${name}${suffix}`, unit: suffix.slice(1) } }
}

/** Names as Prometheus wants them, with the unit at their end; the SDK's serialiser leaves that out. */
const withUnits = (all: Metrics.ResourceMetrics): Metrics.ResourceMetrics => ({
  ...all,
  scopeMetrics: all.scopeMetrics.map(({ scope, metrics: ours }) => ({ scope, metrics: ours.map(withUnit) })),
})
