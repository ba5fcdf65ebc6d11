import type { TSchema } from 'typebox'
import { FiringAlerts } from './alerts/contract.ts'
import type { FeatureName } from './contracts.ts'
import { DatabaseHealth } from './database/contract.ts'
import { ModelsStatus } from './models/contract.ts'
import { SystemMetrics } from './system/contract.ts'

/** The contracts at run time, for documents and tests: topic name -> schema of its whole state. */
export const schemas: Readonly<Record<FeatureName, TSchema>> = {
  system: SystemMetrics,
  database: DatabaseHealth,
  models: ModelsStatus,
  alerts: FiringAlerts,
}
