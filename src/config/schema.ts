import { type Static, Type } from 'typebox'
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
  ollama: ollamaConfig,
  telemetry: telemetryConfig,
  log: logConfig,
})

export type Config = Static<typeof configSchema>
