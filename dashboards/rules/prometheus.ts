import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const self = (more = ''): string => `{job="prometheus", instance="localhost:9090"${more === '' ? '' : `, ${more}`}}`
const on = '{{ $labels.instance }}'

const watchdog: AlertRule = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  for: '0m',
  severity: 'none',
  component: 'prometheus',
  summary: 'Alerting works: this alert always fires',
  description: 'It is to reach somebody outside who raises the alarm when it stops (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'Nothing is wrong. When it stops firing, alerts no longer get through.',
    look: ['Is Prometheus up, is Alertmanager up, does the receiver get anything.'],
    causes: ['Prometheus or Alertmanager is down, or the network between them.'],
    mend: ["Start them; route this alert to a dead man's switch outside this machine."],
  },
  // It has no quiet moment.
  proof: undefined,
}

const config: AlertRule = {
  alert: 'PrometheusBadConfig',
  expr: 'prometheus_config_last_reload_successful{job="prometheus"} == 0',
  for: '10m',
  severity: 'critical',
  component: 'prometheus',
  summary: `Prometheus at ${on} runs with an old configuration`,
  description: 'The last reload failed (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'It goes on with the old one; after a restart it would not come up at all.',
    look: ['`promtool check config FILE`; the log of Prometheus.'],
    causes: ['A mistake in the file or in a rule; a file that is missing.'],
    mend: ['Mend the file, then `kill -HUP PID` or restart.'],
  },
  proof: {
    series: { [`prometheus_config_last_reload_successful${self()}`]: phases([1, 5], [0, 9], [1, 5], [0, 20], [1, 10]) },
    quiet: 13,
    fires: 35,
    resolves: 45,
  },
}

const failures = (
  alert: string,
  metric: string,
  window: string,
  severity: 'warning' | 'critical',
  [summary, what]: readonly [string, string],
  runbook: AlertRule['runbook'],
): AlertRule => ({
  alert,
  expr: `increase(${metric}{job="prometheus"}[${window}]) > 0`,
  for: '15m',
  severity,
  component: 'prometheus',
  summary: `Prometheus at ${on} ${summary}`,
  description: `{{ printf "%.0f" $value }} ${what} within ${window}.`,
  board: 'prometheus',
  runbook,
  proof: {
    series: { [`${metric}${self()}`]: counter([0, 240], [2, 60], [0, 400]) },
    quiet: 239,
    fires: 290,
    resolves: 640,
  },
})

const rules = failures(
  'PrometheusRuleFailures',
  'prometheus_rule_evaluation_failures_total',
  '15m',
  'critical',
  ['cannot evaluate some of its rules', 'evaluations failed'],
  {
    means: 'Alerts of those rules cannot fire.',
    look: ['The page Status, Rules of Prometheus shows each error; its log too.'],
    causes: ['A rule of yours that divides series which do not match one to one; a query that takes too long.'],
    mend: ['Mend the rule; `promtool check rules FILE` and `promtool test rules FILE` before the reload.'],
  },
)

const compaction = failures(
  'PrometheusTSDBCompactionsFailing',
  'prometheus_tsdb_compactions_failed_total',
  '3h',
  'warning',
  ['cannot compact its data', 'compactions failed'],
  {
    means: 'Its data takes more and more room, and queries become slow.',
    look: ['The log of Prometheus; `df -h` where its data is.'],
    causes: ['A full disk; missing rights; a damaged block.'],
    mend: ['Make room. If a block is damaged, stop Prometheus and move that folder away.'],
  },
)

const wal = failures(
  'PrometheusTSDBWALCorruptions',
  'prometheus_tsdb_wal_corruptions_total',
  '3h',
  'critical',
  ['found its log damaged', 'corruptions were found'],
  {
    means: 'Values of the last hours are lost.',
    look: ['The log of Prometheus; `dmesg -T`: is the disk failing.'],
    causes: ['A power cut, a full disk, a failing disk.'],
    mend: ['It mends itself by dropping what is damaged; check the disk.'],
  },
)

const silent: AlertRule = {
  alert: 'PrometheusNotIngestingSamples',
  // By type since 2.40: nobody need have native histograms.
  expr: 'sum without (type) (rate(prometheus_tsdb_head_samples_appended_total{job="prometheus"}[5m])) <= 0',
  for: '10m',
  severity: 'critical',
  component: 'prometheus',
  summary: `Prometheus at ${on} takes in no values`,
  description: 'It has appended {{ $value }} samples a second for ten minutes.',
  board: 'prometheus',
  runbook: {
    means: 'Nothing is recorded; no alert but this one can fire.',
    look: ['Its log; `df -h` where its data is.'],
    causes: ['A full disk; no targets configured.'],
    mend: ['Make room, restart Prometheus.'],
  },
  proof: {
    series: {
      [`prometheus_tsdb_head_samples_appended_total${self('type="float"')}`]: counter([100, 20], [0, 30], [100, 20]),
      [`prometheus_tsdb_head_samples_appended_total${self('type="histogram"')}`]: counter([0, 70]),
    },
    quiet: 24,
    fires: 45,
    resolves: 60,
  },
}

const rejected: AlertRule = {
  alert: 'PrometheusRejectedSamples',
  expr: 'increase(prometheus_target_scrapes_sample_duplicate_timestamp_total{job="prometheus"}[10m]) + increase(prometheus_target_scrapes_sample_out_of_order_total{job="prometheus"}[10m]) > 0',
  for: '10m',
  severity: 'warning',
  component: 'prometheus',
  summary: `Prometheus at ${on} refuses values`,
  description:
    '{{ printf "%.0f" $value }} samples were refused within ten minutes: twice for one moment, or out of order.',
  board: 'prometheus',
  runbook: {
    means: 'Some values are lost; two sources write the same series.',
    look: ['The log of Prometheus with `--log.level=debug` names the series.'],
    causes: ['One target in two jobs with the same labels; two exporters behind one address.'],
    mend: ['Remove the double target, or give it a label of its own.'],
  },
  proof: {
    series: {
      [`prometheus_target_scrapes_sample_duplicate_timestamp_total${self()}`]: counter([0, 30], [1, 30], [0, 30]),
      [`prometheus_target_scrapes_sample_out_of_order_total${self()}`]: always(0),
    },
    quiet: 29,
    fires: 55,
    resolves: 85,
  },
}

/** What is recorded and told about Prometheus itself. */
export const prometheusRules: RuleGroup = {
  name: 'prometheus',
  title: 'Prometheus itself',
  recording: [
    {
      record: 'instance:prometheus_samples:rate5m',
      expr: 'sum without (type) (rate(prometheus_tsdb_head_samples_appended_total{job="prometheus"}[5m]))',
    },
  ],
  alerts: [watchdog, config, rules, compaction, wal, silent, rejected],
}
