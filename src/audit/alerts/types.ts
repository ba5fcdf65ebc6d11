import type { AuditRow } from '../types.ts'

export type Severity = 'info' | 'warning' | 'critical'

/** Rules over the audit log, and over those who look after it, with how grave what they find can be. */
export const rules = {
  'failed-sign-ins': ['warning'],
  'failed-sign-ins-address': ['warning'],
  'denied-burst': ['warning'],
  'rights-changed': ['warning'],
  'new-owner': ['info', 'critical'],
  'token-created': ['info'],
  'new-approver': ['warning'],
  'new-device': ['info'],
  'mass-export': ['warning'],
  'chain-broken': ['critical'],
  'checkpoint-undelivered': ['warning'],
  'audit-write-failed': ['critical'],
} as const satisfies Readonly<Record<string, readonly Severity[]>>

export type RuleName = keyof typeof rules

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
