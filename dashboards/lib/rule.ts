import type { Proof } from './proof.ts'

/** What an alert asks of people: `critical` gets somebody up, `warning` is for the day, `info` only explains others. */
export type Severity = 'critical' | 'warning' | 'info' | 'none'

/** The part of the stack that an alert is about; Alertmanager routes and inhibits by it. */
export type Component = 'host' | 'postgres' | 'gpu' | 'ollama' | 'aura' | 'slo' | 'prometheus' | 'alertmanager'

export interface RecordingRule {
  /** `level:metric:operations`. */
  readonly record: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
}

/** What stands in the runbook under the alert's name. Sentences for somebody who was just woken up. */
export interface Runbook {
  /** What the alert means for those who use the machine. */
  readonly means: string
  /** First looks: commands and boards, most telling first. */
  readonly look: readonly string[]
  readonly causes: readonly string[]
  readonly mend: readonly string[]
}

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  /** How long it must hold, as Prometheus writes it; `0m`: at once. */
  readonly for: string
  readonly keepFiringFor?: string
  readonly severity: Severity
  readonly component: Component
  /** Further labels, constant ones. */
  readonly labels?: Readonly<Record<string, string>>
  /** One line: what is wrong, and where. A template of Prometheus. */
  readonly summary: string
  /** The value and what it means. A template of Prometheus. */
  readonly description: string
  /** Uid of the board that shows more, without `aura-`. */
  readonly board: string
  readonly runbook: Runbook
  /** A short history in which it keeps quiet, fires, and resolves; undefined for one that always fires. */
  readonly proof: Proof | undefined
}

export interface RuleGroup {
  /** `host`: the file is `rules/host.yml`, the groups in it are `host.rules` and `host.alerts`. */
  readonly name: string
  readonly title: string
  readonly recording: readonly RecordingRule[]
  readonly alerts: readonly AlertRule[]
  /** Minutes between two evaluations in the proofs, where a history is days long. */
  readonly step?: number
}
