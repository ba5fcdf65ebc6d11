import { createRequire } from 'node:module'
import type * as Api from '@opentelemetry/api'
import type * as OtlpMetrics from '@opentelemetry/exporter-metrics-otlp-proto'
import type * as Prometheus from '@opentelemetry/exporter-prometheus'
import type * as OtlpTraces from '@opentelemetry/exporter-trace-otlp-proto'
import type * as Resources from '@opentelemetry/resources'
import type * as Metrics from '@opentelemetry/sdk-metrics'
import type * as Sdk from '@opentelemetry/sdk-node'
import type * as Trace from '@opentelemetry/sdk-trace'
import type { Config } from './config/schema.ts'
import { parseDuration } from './lib/duration.ts'
import type { Logger } from './lib/logger.ts'
import { version } from './version.ts'

// As CommonJS: an ES import of the exporter imports node:http as an ES module, and that makes Node load its WebSocket
// client, 13 MB.
const require = createRequire(import.meta.url)
const { diag, DiagLogLevel }: typeof Api = require('@opentelemetry/api')
const { OTLPMetricExporter }: typeof OtlpMetrics = require('@opentelemetry/exporter-metrics-otlp-proto')
const { PrometheusExporter, PrometheusSerializer }: typeof Prometheus = require('@opentelemetry/exporter-prometheus')
const { OTLPTraceExporter }: typeof OtlpTraces = require('@opentelemetry/exporter-trace-otlp-proto')
const resources: typeof Resources = require('@opentelemetry/resources')
const { MeterProvider, PeriodicExportingMetricReader }: typeof Metrics = require('@opentelemetry/sdk-metrics')
const { NodeSDK }: typeof Sdk = require('@opentelemetry/sdk-node')
const { BatchSpanProcessor }: typeof Trace = require('@opentelemetry/sdk-trace')

/** The running OpenTelemetry SDK. */
export interface Telemetry {
  /** Our own instruments in Prometheus' text format. */
  readonly instruments: () => Promise<string>
  /** Whatever is observed through this meter leaves over OTLP alone; undefined where nothing is sent. */
  readonly readings: Api.Meter | undefined
  /** Sends what is left, where anything is sent at all. */
  readonly shutdown: () => Promise<void>
}

/**
 * Starts the SDK; must run before whatever it is to observe is loaded. Without an OTLP endpoint nothing is sent,
 * attempted or said: the instruments are only read by `/metrics`.
 */
export function startTelemetry(config: Config['telemetry'], otlp: boolean, log: Logger): Telemetry {
  const prometheus = new PrometheusExporter({ preventServerStart: true })
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  if (otlp) reportExportFailures(log)
  const { defaultResource, detectResources, resourceFromAttributes } = resources
  const { envDetector, hostDetector, osDetector, serviceInstanceIdDetector } = resources
  const resource = defaultResource()
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, hostDetector, osDetector, envDetector] }))
    .merge(resourceFromAttributes({ 'service.name': config.service_name, 'service.version': version }))
  // A provider of its own: /metrics has the readings already, under the names that boards ask for.
  const readings = otlp ? new MeterProvider({ resource, readers: [otlpMetrics(config)] }) : undefined
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    metricReaders: otlp ? [prometheus, otlpMetrics(config)] : [prometheus],
    spanProcessors: [
      otlp ? new BatchSpanProcessor({ exporter: new OTLPTraceExporter(target(config, 'traces')) }) : unsent,
    ],
    logRecordProcessors: [],
  })
  sdk.start()
  return {
    async instruments() {
      const { resourceMetrics } = await prometheus.collect()
      const page = serializer.serialize(withUnits(resourceMetrics))
      return page.includes('\n# TYPE') || page.startsWith('# HELP') ? page : ''
    },
    readings: readings?.getMeter('aura', version),
    async shutdown() {
      try {
        await Promise.all([sdk.shutdown(), readings?.shutdown()])
      } catch (error) {
        log.warn({ err: error }, 'telemetry was not flushed')
      }
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
  scopeMetrics: all.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(withUnit) })),
})

/** Spans go nowhere, but their ids tie the log lines of a request together. */
const unsent: Trace.SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
}

/** The SDK's exporters read the standard variables themselves; our own key wins over them. */
function target({ otlp_endpoint }: Config['telemetry'], signal: 'traces' | 'metrics'): { url?: string } {
  return otlp_endpoint === '' ? {} : { url: `${otlp_endpoint.replace(/\/$/, '')}/v1/${signal}` }
}

function otlpMetrics(config: Config['telemetry']): Metrics.PeriodicExportingMetricReader {
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(target(config, 'metrics')),
    exportIntervalMillis: parseDuration(config.metrics_interval),
    exportTimeoutMillis: Math.min(parseDuration(config.metrics_interval), 30_000),
  })
}

const quiet = (): void => undefined

/** One line when exporting begins to fail; the SDK repeats itself with every batch. */
function reportExportFailures(log: Logger): void {
  let last = 0
  const error = (message: string, ...details: unknown[]): void => {
    if (Date.now() - last < 300_000) return
    last = Date.now()
    log.warn({ detail: [message, ...details].map(String).join(' ').slice(0, 500) }, 'OTLP export fails')
  }
  diag.setLogger({ error, warn: quiet, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.ERROR)
}
