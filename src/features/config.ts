import { Type, type Static } from 'typebox'
import { alertsConfig } from './alerts/config.ts'
import { databaseFeatureConfig } from './database/config.ts'
import { modelsConfig } from './models/config.ts'
import { systemConfig } from './system/config.ts'

/** What people see live: tick intervals and thresholds, one section per feature. */
export const featuresConfig = Type.Object(
  {
    system: systemConfig,
    database: databaseFeatureConfig,
    models: modelsConfig,
    alerts: alertsConfig,
    prometheus_url: Type.String({
      default: '',
      pattern: '^(https?://[^\\s/]+.*)?$',
      description: 'A Prometheus to ask for alerts and long ranges; empty: the one that Aura runs or found.',
    }),
  },
  { description: 'What the console shows live: how often it is read, and from when on it is a warning.' },
)

export type FeaturesConfig = Static<typeof featuresConfig>
