import { type Static, Type } from 'typebox'
import { alertmanagerConfig, prometheusConfig } from '../children/config.ts'
import { databaseConfig } from '../database/config.ts'
import { gpuConfig } from '../exporters/gpu/config.ts'
import { hostConfig } from '../exporters/host/config.ts'
import { ollamaConfig as ollamaExporterConfig } from '../exporters/ollama/config.ts'
import { postgresConfig } from '../exporters/postgres/config.ts'
import { featuresConfig } from '../features/config.ts'
import { realtimeConfig } from '../realtime/config.ts'
import { logConfig, metricsConfig, ollamaConfig, serverConfig, telemetryConfig } from './sections.ts'

/**
 * Everything that can be configured, one section per slice. Only the generator loads this file at run time; the
 * program reads `schema.json`, which a test keeps equal to it.
 */
export const configSchema = Type.Object({
  data_dir: Type.String({
    default: '.aura',
    minLength: 1,
    description:
      'Where Aura keeps its data: the embedded PostgreSQL, Prometheus, Alertmanager. Relative to the working directory.',
  }),
  server: serverConfig,
  metrics: metricsConfig,
  database: databaseConfig,
  ollama: ollamaConfig,
  exporters: Type.Object(
    { host: hostConfig, gpu: gpuConfig, postgres: postgresConfig, ollama: ollamaExporterConfig },
    { description: 'What is published; one section per exporter.' },
  ),
  features: featuresConfig,
  realtime: realtimeConfig,
  prometheus: prometheusConfig,
  alertmanager: alertmanagerConfig,
  telemetry: telemetryConfig,
  log: logConfig,
})

export type Config = Static<typeof configSchema>
