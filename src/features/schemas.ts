import type { TSchema } from 'typebox'
import type { ErrorAnswer } from './answers.ts'
import type { FiringAlerts } from './alerts/contract.ts'
import type { FeatureName } from './contracts.ts'
import type { DatabaseHealth } from './database/contract.ts'
import type { ModelsStatus } from './models/contract.ts'
import type { HistoryQuery, RangeQuery, SystemHistory, SystemMetrics } from './system/contract.ts'
import generated from './schemas.json' with { type: 'json' }

/** Everything that the API and the topics carry, by the names of the contracts. */
export interface Wire {
  readonly SystemMetrics: typeof SystemMetrics
  readonly SystemHistory: typeof SystemHistory
  readonly HistoryQuery: typeof HistoryQuery
  readonly RangeQuery: typeof RangeQuery
  readonly DatabaseHealth: typeof DatabaseHealth
  readonly ModelsStatus: typeof ModelsStatus
  readonly FiringAlerts: typeof FiringAlerts
  readonly ErrorAnswer: typeof ErrorAnswer
}

/** The contracts as JSON Schema, read from generated JSON: loading TypeBox would cost the process 19 MB. */
export const wire = generated as unknown as Wire

/** Topic name -> schema of its whole state. */
export const schemas: Readonly<Record<FeatureName, TSchema>> = {
  system: wire.SystemMetrics,
  database: wire.DatabaseHealth,
  models: wire.ModelsStatus,
  alerts: wire.FiringAlerts,
}
