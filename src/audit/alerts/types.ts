import type { AuditRow } from '../types.ts'

/** Rules over the audit log, and over those who look after it. */
export const ruleNames = [
  'failed-sign-ins',
  'failed-sign-ins-address',
  'denied-burst',
  'rights-changed',
  'new-owner',
  'token-created',
  'new-approver',
  'new-device',
  'mass-export',
  'chain-broken',
  'checkpoint-undelivered',
  'audit-write-failed',
] as const

export type RuleName = (typeof ruleNames)[number]

export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** A row of the log, with what it does not tell by itself. */
export interface Observed extends AuditRow {
  /** The user has signed in before, but neither with this browser nor from this network. */
  readonly newDevice: boolean
  /** Whoever approved had never approved anything. */
  readonly firstApproval: boolean
}

/** What a rule found. Findings of one rule and key go into one open alert. */
export interface Finding {
  readonly rule: RuleName
  readonly key: string
  readonly severity: Severity
  /** One line for people; never an address, since it is published. */
  readonly summary: string
  readonly actor?: string | undefined
  readonly address?: string | undefined
  /** ms since the epoch. */
  readonly at: number
  /** How much this adds to the alert. */
  readonly count: number
  readonly seqs: readonly number[]
}

export interface SecurityAlert extends Omit<Finding, 'key' | 'at'> {
  readonly id: string
  readonly firstAt: number
  readonly lastAt: number
  readonly acknowledgedBy: string | undefined
  readonly acknowledgedAt: number | undefined
  readonly comment: string | undefined
}
