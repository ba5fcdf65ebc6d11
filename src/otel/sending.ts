import { createRequire } from 'node:module'
import type * as Api from '@opentelemetry/api'
import type * as OtlpMetrics from '@opentelemetry/exporter-metrics-otlp-proto'
import type * as OtlpTraces from '@opentelemetry/exporter-trace-otlp-proto'
import type * as Resources from '@opentelemetry/resources'
import type * as Metrics from '@opentelemetry/sdk-metrics'
import type * as Sdk from '@opentelemetry/sdk-node'
import type { Config } from '../config/schema.ts'
import { parseDuration } from '../lib/duration.ts'
import type { Logger } from '../lib/logger.ts'
import type { Otlp } from '../otlp-configured.ts'
import { version } from '../version.ts'
import { traceOutgoing } from './outgoing.ts'
import { createSampler } from './sampler.ts'

// As CommonJS, and only when something is to be sent: an ES import of the exporter imports node:http as an ES module,
// and that makes Node load its WebSocket client, 13 MB.
const require = createRequire(import.meta.url)

/** What sends, once started. */
interface Sending {
  /** Makes our own instruments, where they leave; to be shut down by whoever uses it. */
  readonly instruments: Metrics.MeterProvider | undefined
  /** Whatever is observed through this meter leaves over OTLP alone. */
  readonly readings: Api.Meter | undefined
  readonly shutdown: () => Promise<void>
}

type Section = Config['telemetry']

/** The SDK's exporters read the standard variables themselves; our own key wins over them. */
function target({ otlp_endpoint }: Section, signal: 'traces' | 'metrics'): { url?: string } {
  return otlp_endpoint === '' ? {} : { url: `${otlp_endpoint.replace(/\/$/, '')}/v1/${signal}` }
}

function otlpReader(config: Section): Metrics.PeriodicExportingMetricReader {
  const { OTLPMetricExporter }: typeof OtlpMetrics = require('@opentelemetry/exporter-metrics-otlp-proto')
  const { PeriodicExportingMetricReader }: typeof Metrics = require('@opentelemetry/sdk-metrics')
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(target(config, 'metrics')),
    exportIntervalMillis: parseDuration(config.metrics_interval),
    exportTimeoutMillis: Math.min(parseDuration(config.metrics_interval), 30_000),
  })
}

function resourceOf(config: Section): Resources.Resource {
  const resources: typeof Resources = require('@opentelemetry/resources')
  const { defaultResource, detectResources, resourceFromAttributes } = resources
  const { envDetector, hostDetector, osDetector, serviceInstanceIdDetector } = resources
  return defaultResource()
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, hostDetector, osDetector, envDetector] }))
    .merge(resourceFromAttributes({ 'service.name': config.service_name, 'service.version': version }))
}

/** Metrics over OTLP: our own instruments, which `reader` reads too, and through a provider of their own the readings. */
function sendMetrics(config: Section, resource: Resources.Resource, reader: Metrics.IMetricReader) {
  const { MeterProvider }: typeof Metrics = require('@opentelemetry/sdk-metrics')
  const own = new MeterProvider({ resource, readers: [reader, otlpReader(config)] })
  // /metrics has the readings already, under the names that boards ask for.
  const readings = new MeterProvider({ resource, readers: [otlpReader(config)] })
  return { own, readings }
}

/** Traces over OTLP, batched and sampled as the standard variables say. */
function sendTraces(config: Section, resource: Resources.Resource, otlp: Otlp): () => Promise<void> {
  const { OTLPTraceExporter }: typeof OtlpTraces = require('@opentelemetry/exporter-trace-otlp-proto')
  const { NodeSDK }: typeof Sdk = require('@opentelemetry/sdk-node')
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
    traceExporter: new OTLPTraceExporter(target(config, 'traces')),
    sampler: createSampler(otlp),
  })
  sdk.start()
  const stop = traceOutgoing()
  return () => {
    stop()
    return sdk.shutdown()
  }
}

/** Starts what is to be sent. `reader` is one more reader of our own instruments. */
export function startSending(config: Section, otlp: Otlp, reader: Metrics.IMetricReader, log: Logger): Sending {
  reportExportFailures(log)
  const resource = resourceOf(config)
  const metrics = otlp.metrics ? sendMetrics(config, resource, reader) : undefined
  const endTraces = otlp.traces ? sendTraces(config, resource, otlp) : undefined
  return {
    instruments: metrics?.own,
    readings: metrics?.readings.getMeter('aura', version),
    shutdown: async () => void (await Promise.all([metrics?.readings.shutdown(), endTraces?.()])),
  }
}

const quiet = (): void => undefined

/** One line when exporting begins to fail; the SDK repeats itself with every batch. */
function reportExportFailures(log: Logger): void {
  const { diag, DiagLogLevel }: typeof Api = require('@opentelemetry/api')
  let last = 0
  const error = (message: string, ...details: unknown[]): void => {
    if (Date.now() - last < 300_000) return
    last = Date.now()
    log.warn({ detail: [message, ...details].map(String).join(' ').slice(0, 500) }, 'OTLP export fails')
  }
  diag.setLogger({ error, warn: quiet, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.ERROR)
}
