import type { Board } from '../lib/board.ts'
import { more, row, stat, table, time } from '../lib/panel.ts'
import { query } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { criticalAlerts, warnings } from './alert-counts.ts'

const slo = 'slo=~"$slo"'
const burn = (window: string): string =>
  `slo:sli_error:ratio_rate${window}{${slo}} / on (slo) slo:error_budget:ratio{${slo}}`

const alerts = row('Alerts', [
  criticalAlerts('Critical', 'Table Alerts below.'),
  warnings('Table Alerts below.'),
  stat({
    title: 'About to fire',
    h: 6,
    unit: unit.count,
    decimals: 0,
    queries: [query('', 'count(ALERTS{alertstate="pending", severity=~"critical|warning"}) or vector(0)')],
    shows: 'Conditions that hold, but not yet for long enough.',
    normal: 'A few now and then.',
    act: 'Nothing yet.',
  }),
  time({
    title: 'Firing by severity',
    unit: unit.count,
    min: 0,
    h: 6,
    many: true,
    queries: [
      query('critical', 'count(ALERTS{alertstate="firing", severity="critical"}) or vector(0)'),
      query('warning', 'count(ALERTS{alertstate="firing", severity="warning"}) or vector(0)'),
      query('{{severity}}', 'count by (severity) (ALERTS{alertstate="firing", severity!~"critical|warning"})'),
    ],
    shows: 'Alerts that fire; Watchdog, of severity none, always does.',
    normal: 'One of severity none.',
    act: 'No line at all: rules are not evaluated; board Prometheus.',
  }),
  table({
    title: 'Alerts',
    unit: unit.count,
    sortedBy: 'State',
    widths: { Alert: 320 },
    columns: {
      alertstate: 'State',
      severity: 'Severity',
      alertname: 'Alert',
      component: 'Part',
      instance: 'Instance',
      Value: 'Number',
    },
    queries: [query('', 'count by (alertstate, severity, alertname, component, instance) (ALERTS)')],
    shows: 'What fires now and what is about to.',
    normal: 'Watchdog alone.',
    act: 'Critical ones first; each name is a heading of the runbook.',
  }),
])

const promises = row('Promises', [
  time({
    title: 'Pace of the budget over an hour',
    unit: unit.none,
    min: 0,
    threshold: { look: 1, bad: 14.4 },
    queries: [query('{{slo}}', burn('1h'))],
    shows: 'How many times faster than allowed failures use up the budget of 30 days.',
    normal: 'Below 1.',
    act: 'Above 14.4 it lasts two days: the runbook of the promise that is highest.',
  }),
  time({
    title: 'Pace of the budget over three days',
    unit: unit.none,
    min: 0,
    threshold: { look: 1 },
    queries: [query('{{slo}}', burn('3d'))],
    empty: 'too little happened to tell',
    shows: 'The same over three days, where short failures weigh less.',
    normal: 'Below 1.',
    act: 'Above 1 the promise will not be kept: look for what fails a little all the time.',
  }),
  table({
    title: 'Failures over three days',
    unit: unit.share,
    w: 12,
    columns: { slo: 'Promise', Value: 'Failed' },
    queries: [query('', `sum by (slo) (slo:sli_error:ratio_rate3d{${slo}})`)],
    empty: 'too little happened to tell',
    shows: 'Share of failures; promises about requests need at least 20 of them.',
    normal: 'Near 0.',
    act: 'Compare with the budget on the right.',
  }),
  table({
    title: 'Budgets',
    unit: unit.share,
    w: 12,
    columns: { slo: 'Promise', Value: 'May fail' },
    queries: [query('', `sum by (slo) (slo:error_budget:ratio{${slo}})`)],
    shows: 'Share that may fail within 30 days.',
    normal: '0.5 to 1 %.',
    act: 'If a budget is never touched, promise more; if always, promise less or mend.',
  }),
])

const windows = more('Error ratios by window', [
  time({
    title: 'Short windows',
    unit: unit.share,
    min: 0,
    many: true,
    queries: ['5m', '30m', '1h'].map((window) =>
      query(`{{slo}} ${window}`, `slo:sli_error:ratio_rate${window}{${slo}}`),
    ),
    empty: 'too little happened to tell',
    shows: 'Share of failures over short windows: those of the alert that gets somebody up.',
    normal: '0.',
    act: 'The alert needs a long and a short window; the short one ends it soon after the mend.',
  }),
  time({
    title: 'Long windows',
    unit: unit.share,
    min: 0,
    many: true,
    queries: ['2h', '6h', '1d'].map((window) =>
      query(`{{slo}} ${window}`, `slo:sli_error:ratio_rate${window}{${slo}}`),
    ),
    empty: 'too little happened to tell',
    shows: 'Share of failures over long windows: those of the alert for the day.',
    normal: '0.',
    act: 'As above.',
  }),
])

/** Alerts and promises. */
export const sloBoard: Board = {
  name: 'slo',
  title: 'Alerts and promises',
  question: 'What fires, and are the promises of the last 30 days kept?',
  variables: [{ name: 'slo', label: 'Promise', metric: 'slo:error_budget:ratio', free: true }],
  components: ['host', 'postgres', 'gpu', 'ollama', 'aura', 'slo', 'prometheus', 'alertmanager'],
  range: '24h',
  refresh: '1m',
  rows: [alerts, promises, windows],
}
