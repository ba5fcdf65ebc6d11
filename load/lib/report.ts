import type { ScenarioName } from './figures.ts'

/** The part of what k6 hands to `handleSummary` that is shown. */
export interface Summary {
  readonly state: { readonly testRunDurationMs: number }
  readonly metrics: Readonly<Record<string, Metric>>
}

interface Metric {
  readonly type: string
  readonly contains: string
  readonly values: Readonly<Record<string, number>>
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>
}

/** Quantiles of every time, for `summaryTrendStats`. */
export const quantiles: string[] = ['min', 'med', 'p(95)', 'p(99)', 'max', 'count']

/** Gauges of bytes. */
const sizes = new Set(['memory', 'growth'])

const names: Readonly<Record<string, string>> = { 'p(50)': 'med' }

const plain = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toFixed(2))))

const mebibyte = 1024 * 1024

/** `unit`: what k6 says that a metric holds, or `bytes`. */
function shown(value: number | undefined, unit: string): string {
  if (value === undefined) return 'nothing measured'
  if (unit === 'bytes') return `${plain(value / mebibyte)} MiB`
  return unit === 'time' ? `${plain(value)} ms` : plain(value)
}

/** For k6 what was never measured holds, and a gauge that was never set is 0; no time that was measured is. */
const unmeasured = ({ type, contains, values }: Metric): boolean =>
  (type === 'trend' && values['count'] === 0) || (type === 'gauge' && contains === 'time' && values['value'] === 0)

/** A condition, and what was reached of what it is about: the left side of `p(99)<=50`. */
function verdict(name: string, metric: Metric, condition: string, ok: boolean): string {
  const { values, contains } = metric
  const stat = condition.split(/[<>=!]/, 1)[0] ?? ''
  if (unmeasured(metric)) return `  unknown ${name} ${condition}: nothing measured`
  const reached = shown(values[names[stat] ?? stat], sizes.has(name) ? 'bytes' : contains)
  return `  ${ok ? 'met    ' : 'MISSED '} ${name} ${condition}: ${reached}`
}

const verdicts = ([name, metric]: [string, Metric]): string[] =>
  Object.entries(metric.thresholds ?? {}).map(([condition, { ok }]) => verdict(name, metric, condition, ok))

function trend([name, { values, contains }]: [string, Metric]): string {
  const all = ['med', 'p(95)', 'p(99)', 'max'].map((stat) => `${stat} ${shown(values[stat], contains)}`)
  return `  ${name}: ${all.join(', ')} (${values['count'] ?? 0})`
}

const counter = ([name, { values }]: [string, Metric]): string =>
  `  ${name}: ${plain(values['count'] ?? 0)} (${plain(values['rate'] ?? 0)}/s)`

const isTime = ([name, { type, contains, values }]: [string, Metric]): boolean =>
  type === 'trend' &&
  contains === 'time' &&
  values['count'] !== 0 &&
  !name.includes('expected_response') &&
  /^(delivery|reconnect|http_req_duration|ws_connecting)/.test(name)

const counted = new Set(['ws_sessions', 'ws_msgs_received', 'http_reqs', 'iterations', 'skipped', 'retries'])

/** The report of a run: conditions with what was reached, then times, then counts. */
export function reportOf(scenario: ScenarioName, { state, metrics }: Summary): string {
  const all = Object.entries(metrics).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    '',
    `${scenario}, ${plain(state.testRunDurationMs / 1000)} s`,
    '',
    ...all.flatMap(verdicts),
    '',
    ...all.filter(isTime).map(trend),
    ...all.filter(([name]) => counted.has(name)).map(counter),
    '',
    '',
  ].join('\n')
}

/** `handleSummary` of a scenario: the report on the terminal, and all figures in a file where one is named. */
export const reporting =
  (scenario: ScenarioName, file?: string) =>
  (data: Summary): Record<string, string> => ({
    stdout: reportOf(scenario, data),
    ...(file !== undefined && { [file]: JSON.stringify(data) }),
  })
