import type { Config } from './config/schema.ts'

const endpointVariables = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
]

/** Whether anything is to leave over OTLP: by our own key or by one of the standard variables. */
export function otlpConfigured({ otlp_endpoint }: Config['telemetry'], env: NodeJS.ProcessEnv): boolean {
  return otlp_endpoint !== '' || endpointVariables.some((name) => (env[name] ?? '') !== '')
}
