import { createAlerts } from './alerts/index.ts'
import type { DeliveredAlerts } from './alerts/store.ts'
import type { FeaturesConfig } from './config.ts'
import type { FeatureName } from './contracts.ts'
import { createDatabaseFeature } from './database/index.ts'
import type { Feature, FeatureClock, Take } from './feature.ts'
import type { Prometheus } from './lib/prometheus.ts'
import { createModels } from './models/index.ts'
import { createSystem } from './system/index.ts'

/** What the features need of the rest of Aura. */
export interface FeatureDeps {
  /** Readings of each exporter; of one that is switched off, none. */
  readonly take: Readonly<Record<'host' | 'gpu' | 'postgres' | 'ollama', Take>>
  readonly prometheus: Prometheus
  readonly clock: FeatureClock
  readonly embedded: boolean
  readonly tableColumns: readonly string[]
  readonly ollamaUrl: string
  /** What Alertmanager delivered; undefined: there is no database to keep it. */
  readonly delivered: DeliveredAlerts | undefined
}

/** All features, typed by the contracts: one that is missing does not compile. */
export function createFeatures(config: FeaturesConfig, deps: FeatureDeps): Readonly<Record<FeatureName, Feature>> {
  const { take, prometheus, clock, embedded, tableColumns, ollamaUrl, delivered } = deps
  return {
    system: createSystem(config.system, { host: take.host, gpu: take.gpu, prometheus, clock }),
    database: createDatabaseFeature(config.database, { postgres: take.postgres, embedded, tableColumns, clock }),
    models: createModels(config.models, { ollama: take.ollama, url: ollamaUrl, clock }),
    alerts: createAlerts(config.alerts, { prometheus, clock, delivered }),
  }
}
