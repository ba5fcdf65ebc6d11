import type { AlertRule, RecordingRule, Runbook } from './rule.ts'
import type { Proof } from './proof.ts'

/** A promise over 30 days, and how to measure that it was broken. */
export interface Slo {
  /** `postgres-reachable`: value of the label `slo`. */
  readonly name: string
  /** `PostgreSQLReachable`: the alerts are named after it. */
  readonly title: string
  /** What is promised, for people: `PostgreSQL answers 99.5 % of the time`. */
  readonly promise: string
  /** 0.995: the rest is the budget. */
  readonly objective: number
  /** Share of failures over a window such as `5m`, 0 to 1; absent when too little happened to tell. */
  readonly errors: (window: string) => string
  readonly board: string
  readonly runbook: Omit<Runbook, 'means'>
  /** Series of a short total failure after three days without one, and its end. */
  readonly proof: { readonly fast: Proof; readonly slow: Proof }
}

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const

/** Error ratios of every window, and the budget, as Prometheus records them. */
export const sloRecording = ({ name, objective, errors }: Slo): RecordingRule[] =>
  windows
    .map((window): RecordingRule => ({
      record: `slo:sli_error:ratio_rate${window}`,
      expr: errors(window),
      labels: { slo: name },
    }))
    .concat([
      { record: 'slo:error_budget:ratio', expr: `vector(${(1 - objective).toFixed(4)})`, labels: { slo: name } },
    ])

const over = (name: string, window: string, factor: number, budget: number): string =>
  `slo:sli_error:ratio_rate${window}{slo="${name}"} > ${Number((factor * budget).toPrecision(6))}`

/** The two alerts of a promise: by windows and factors of the SRE workbook, for a budget of 30 days. */
export function sloAlerts({ name, title, promise, objective, board, runbook, proof }: Slo): AlertRule[] {
  const budget = 1 - objective
  const both = (long: string, short: string, factor: number): string =>
    `(${over(name, long, factor, budget)} and ignoring () ${over(name, short, factor, budget)})`
  const common = { component: 'slo', board, labels: { slo: name } } as const
  return [
    {
      ...common,
      alert: `${title}BudgetBurnsFast`,
      expr: `${both('1h', '5m', 14.4)} or ignoring () ${both('6h', '30m', 6)}`,
      for: '2m',
      severity: 'critical',
      summary: `The promise "${promise}" breaks within days`,
      description:
        '{{ $value | humanizePercentage }} failed of late: at this pace the budget of 30 days is used up in two to five days.',
      runbook: {
        ...runbook,
        means: `Promised: ${promise}. It fails so much at present that the allowance of 30 days is used up within days.`,
      },
      proof: proof.fast,
    },
    {
      ...common,
      alert: `${title}BudgetBurnsSlowly`,
      expr: `${both('1d', '2h', 3)} or ignoring () ${both('3d', '6h', 1)}`,
      for: '15m',
      severity: 'warning',
      summary: `The promise "${promise}" will not be kept`,
      description:
        '{{ $value | humanizePercentage }} failed of late: at this pace the budget of 30 days does not last 30 days.',
      runbook: {
        ...runbook,
        means: `Promised: ${promise}. It fails a little too often; nobody must get up, but somebody should look.`,
      },
      proof: proof.slow,
    },
  ]
}
