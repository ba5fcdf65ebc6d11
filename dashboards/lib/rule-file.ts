import { stringify } from 'yaml'
import type { AlertRule, RuleGroup } from './rule.ts'
import { anchorOf } from './runbook-page.ts'

/**
 * Where the console and Grafana are: as the external labels of Prometheus say, else on this machine at their own ports.
 * So one set of rules fits every place, and a Prometheus that knows nothing of it.
 */
const consoleUrl = '{{ or $externalLabels.aura_console_url "http://127.0.0.1:8080" }}'
const grafanaUrl = '{{ or $externalLabels.aura_grafana_url "http://127.0.0.1:3000" }}'

const runbookUrl = (alert: string): string => `${consoleUrl}/runbook.html#${anchorOf(alert)}`
const boardUrl = (board: string): string => `${grafanaUrl}/d/aura-${board}`

const alertOf = (rule: AlertRule) => ({
  alert: rule.alert,
  expr: rule.expr,
  ...(rule.for !== '0m' && { for: rule.for }),
  ...(rule.keepFiringFor !== undefined && { keep_firing_for: rule.keepFiringFor }),
  labels: { severity: rule.severity, component: rule.component, ...rule.labels },
  annotations: {
    summary: rule.summary,
    description: rule.description,
    runbook_url: runbookUrl(rule.alert),
    dashboard_url: boardUrl(rule.board),
  },
})

/** Text of `prometheus/rules/<name>.yml`. */
export function ruleFile({ name, title, recording, alerts }: RuleGroup): string {
  const groups = [
    ...(recording.length > 0 ? [{ name: `${name}.rules`, rules: recording }] : []),
    ...(alerts.length > 0 ? [{ name: `${name}.alerts`, rules: alerts.map(alertOf) }] : []),
  ]
  const head = `# ${title}. Written by \`npm run dashboards\` from dashboards/rules/; changes here are lost.\n`
  return head + stringify({ groups }, { lineWidth: 0 })
}
