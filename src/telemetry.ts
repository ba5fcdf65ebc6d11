import { diag, DiagLogLevel } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { envDetector, hostDetector, osDetector, serviceInstanceIdDetector } from '@opentelemetry/resources'
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import type { Config } from './config/schema.ts'
import { parseDuration } from './lib/duration.ts'
import type { Logger } from './lib/logger.ts'

/** The running OpenTelemetry SDK. */
export interface Telemetry {
  /** Our own instruments in Prometheus' text format. */
  readonly instruments: () => Promise<string>
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
  const sdk = new NodeSDK({
    serviceName: config.service_name,
    resourceDetectors: [serviceInstanceIdDetector, hostDetector, osDetector, envDetector],
    metricReaders: otlp ? [prometheus, otlpMetrics(config)] : [prometheus],
    spanProcessors: otlp ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(target(config, 'traces')) })] : [],
    logRecordProcessors: [],
  })
  sdk.start()
  return {
    async instruments() {
      const { resourceMetrics } = await prometheus.collect()
      const page = serializer.serialize(resourceMetrics)
      return page.includes('\n# TYPE') || page.startsWith('# HELP') ? page : ''
    },
    shutdown: () => sdk.shutdown().catch((error: unknown) => log.warn({ err: error }, 'telemetry was not flushed')),
  }
}

/** The SDK's exporters read the standard variables themselves; our own key wins over them. */
function target({ otlp_endpoint }: Config['telemetry'], signal: 'traces' | 'metrics'): { url?: string } {
  return otlp_endpoint === '' ? {} : { url: `${otlp_endpoint.replace(/\/$/, '')}/v1/${signal}` }
}

function otlpMetrics(config: Config['telemetry']): PeriodicExportingMetricReader {
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
