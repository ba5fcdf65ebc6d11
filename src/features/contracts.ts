import type { FiringAlerts } from './alerts/contract.ts'
import type { DatabaseHealth } from './database/contract.ts'
import type { ApprovalNotice } from './governance/approvals/contract.ts'
import type { AuditRowView, SecurityAlertView } from './governance/audit/contract.ts'
import type { GovernanceNotice } from './governance/contract.ts'
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

/** Topics of what happened (classes event and alert): each publication is one of these, whole. */
export interface EventContracts {
  readonly governance: GovernanceNotice
  readonly approvals: ApprovalNotice
  readonly audit: AuditRowView
  readonly security: SecurityAlertView
}

export type EventTopic = keyof EventContracts
