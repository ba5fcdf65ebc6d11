import { stringify } from 'yaml'
import type { AlertRule, RuleGroup } from './rule.ts'

const quoted = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')

function testOf({ alert, severity, component, labels, proof }: AlertRule) {
  if (proof === undefined) return []
  const wanted = { severity, component, ...labels, ...proof.labels }
  const firing = (some: Readonly<Record<string, string>>): string =>
    `count(ALERTS{${quoted({ alertname: alert, alertstate: 'firing', ...some })}}) or vector(0)`
  const at = (minute: number, some: Readonly<Record<string, string>>, value: number) => ({
    expr: firing(some),
    eval_time: `${minute}m`,
    exp_samples: [{ labels: '{}', value }],
  })
  const test = {
    name: alert,
    interval: '1m',
    input_series: Object.entries(proof.series).map(([series, values]) => ({ series, values })),
    promql_expr_test: [at(proof.quiet, {}, 0), at(proof.fires, wanted, 1), at(proof.resolves, {}, 0)],
  }
  return [test]
}

/** A file for `promtool test rules`: each alert of the group keeps quiet, fires and resolves. */
export const ruleTests = ({ alerts, step = 1 }: RuleGroup, ruleFiles: readonly string[]): string =>
  stringify({ rule_files: ruleFiles, evaluation_interval: `${step}m`, tests: alerts.flatMap(testOf) }, { lineWidth: 0 })
