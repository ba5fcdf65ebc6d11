import { thresholds, type ScenarioName } from './figures.ts'
import { quantiles } from './report.ts'

/** Options of k6 that all scenarios share, with the conditions of this one. */
export const optionsOf = <Scenarios extends object>(name: ScenarioName, scenarios: Scenarios) => ({
  scenarios,
  thresholds: { ...thresholds[name] },
  summaryTrendStats: quantiles,
  discardResponseBodies: false,
})
