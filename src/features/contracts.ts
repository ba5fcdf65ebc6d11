import type { FiringAlerts } from './alerts/contract.ts'
import type { DatabaseHealth } from './database/contract.ts'
import type { ModelsStatus } from './models/contract.ts'
import type { SystemMetrics } from './system/contract.ts'

/** Grows when a payload changes shape; sent in the connect reply, and a page of another version reloads itself. */
export const contractVersion = 1

/** Live topics and the state that each carries: its keys are the keys of the topic's deltas. */
export interface Contracts {
  readonly system: SystemMetrics
  readonly database: DatabaseHealth
  readonly models: ModelsStatus
  readonly alerts: FiringAlerts
}

export type FeatureName = keyof Contracts
