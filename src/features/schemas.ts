import type { TSchema } from 'typebox'
import type * as account from './account/contract.ts'
import type { ErrorAnswer } from './answers.ts'
import type * as alerts from './alerts/contract.ts'
import type { EventTopic, FeatureName } from './contracts.ts'
import type { DatabaseHealth } from './database/contract.ts'
import type * as approvals from './governance/approvals/contract.ts'
import type * as audit from './governance/audit/contract.ts'
import type * as code from './governance/code/contract.ts'
import type * as governance from './governance/contract.ts'
import type * as credentials from './governance/credentials/contract.ts'
import type { ModelsStatus } from './models/contract.ts'
import type { HistoryQuery, RangeQuery, SystemHistory, SystemMetrics } from './system/contract.ts'
import generated from './schemas.json' with { type: 'json' }

/** What of a contract's exports is a schema. */
type Schemas<Contract> = {
  readonly [Name in keyof Contract as Contract[Name] extends TSchema ? Name : never]: Contract[Name]
}

type Governance = Schemas<typeof governance> &
  Schemas<typeof approvals> &
  Schemas<typeof audit> &
  Schemas<typeof code> &
  Schemas<typeof credentials>

/** Everything that the API and the topics carry, by the names of the contracts. */
export interface Wire extends Governance, Schemas<typeof account>, Schemas<typeof alerts> {
  readonly SystemMetrics: typeof SystemMetrics
  readonly SystemHistory: typeof SystemHistory
  readonly HistoryQuery: typeof HistoryQuery
  readonly RangeQuery: typeof RangeQuery
  readonly DatabaseHealth: typeof DatabaseHealth
  readonly ModelsStatus: typeof ModelsStatus
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

/** Topic name -> schema of each thing that happens. */
export const eventSchemas: Readonly<Record<EventTopic, TSchema>> = {
  governance: wire.GovernanceNotice,
  approvals: wire.ApprovalNotice,
  audit: wire.AuditRowView,
  security: wire.SecurityAlertView,
}
