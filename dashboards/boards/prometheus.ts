import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, states, table, time } from '../lib/panel.ts'
import { on, query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { prometheusDetails } from './prometheus-details.ts'

const { scrape } = limits
/** Seconds that a scrape may take: `scrape_timeout` of prometheus.yml. */
const timeout = 10

const glance = row('At a glance', [
  stat({
    title: 'Targets down',
    unit: unit.count,
    decimals: 0,
    threshold: { bad: 1 },
    queries: [query('', `count(${series('up')} == 0) or vector(0)`)],
    shows: 'Sources that could not be scraped.',
    normal: '0.',
    act: 'Table Targets below; TargetDown in the runbook.',
  }),
  stat({
    title: 'Series in memory',
    unit: unit.count,
    queries: [query('{{instance}}', series('prometheus_tsdb_head_series'))],
    shows: 'Time series that are being written.',
    normal: 'A few thousand on one machine, steady.',
    act: 'Growing: a label with ever new values; Samples by job names the job.',
  }),
  stat({
    title: 'Samples',
    unit: unit.perSecond,
    queries: [query('{{instance}}', `sum by (instance) (${rate('prometheus_tsdb_head_samples_appended_total')})`)],
    shows: 'Values written each second.',
    normal: 'Steady.',
    act: '0: see PrometheusNotIngestingSamples.',
  }),
  stat({
    title: 'Rules that fail',
    unit: unit.perSecond,
    threshold: { bad: 0.001 },
    queries: [query('{{instance}}', `sum by (instance) (${rate('prometheus_rule_evaluation_failures_total')})`)],
    shows: 'Rules that could not be evaluated: alerts that would not fire.',
    normal: '0.',
    act: 'Page Rules of Prometheus shows the error.',
  }),
  stat({
    title: 'Configuration',
    unit: unit.none,
    words: { 0: ['refused', colour.bad], 1: ['in force', colour.good] },
    queries: [
      query('{{job}}', series('prometheus_config_last_reload_successful')),
      query('{{job}}', series('alertmanager_config_last_reload_successful')),
    ],
    shows: 'Whether the last change of a configuration was accepted.',
    normal: 'In force.',
    act: '`promtool check config`, `amtool check-config`.',
  }),
  stat({
    title: 'Notifications lost',
    unit: unit.perSecond,
    threshold: { bad: 0.001 },
    queries: [query('{{instance}}', rate('prometheus_notifications_dropped_total'))],
    shows: 'Alerts that never reached Alertmanager.',
    normal: '0.',
    act: 'Does Alertmanager run? See PrometheusErrorSendingAlerts.',
  }),
])

const targets = row('Targets and exporters', [
  states({
    title: 'Targets',
    unit: unit.none,
    h: 9,
    words: { 0: ['down', colour.bad], 1: ['up', colour.good] },
    queries: [query('{{job}} {{instance}}', series('up'))],
    shows: 'Which sources could be scraped.',
    normal: 'All up.',
    act: 'Page Targets of Prometheus has the reason.',
  }),
  time({
    title: 'Duration of scrapes',
    unit: unit.seconds,
    min: 0,
    threshold: { look: scrape.slow * timeout },
    queries: [query('{{job}}', `max by (job) (${series('scrape_duration_seconds')})`)],
    shows: `Time that a page takes; after ${timeout} s Prometheus gives up.`,
    normal: 'Below 0.2 s.',
    act: 'Collectors below names the slow one.',
  }),
  time({
    title: 'Samples by job',
    unit: unit.count,
    min: 0,
    queries: [query('{{job}}', `sum by (job) (${series('scrape_samples_post_metric_relabeling')})`)],
    shows: 'Values on each page.',
    normal: 'Steady.',
    act: 'Growing: something has ever new labels.',
  }),
  time({
    title: 'Slowest collectors',
    many: true,
    unit: unit.seconds,
    min: 0,
    queries: [
      query(
        '{{job}} {{instance}} {{collector}}',
        `topk(10, {__name__=~"(node|pg|gpu|ollama)_scrape_collector_duration_seconds", ${on}})`,
      ),
    ],
    shows: 'Parts of the exporters that take longest.',
    normal: 'Milliseconds; none above 3 s, where it is cut off.',
    act: 'What it reads hangs: a network share, a driver, the database.',
  }),
  table({
    title: 'Collectors without success',
    unit: unit.none,
    columns: { job: 'Job', instance: 'Instance', collector: 'Collector', Value: 'Success' },
    queries: [
      query(
        '',
        `max by (job, instance, collector) ({__name__=~"(node|pg|gpu|ollama)_scrape_collector_success", ${on}}) == 0`,
      ),
    ],
    empty: 'all succeed',
    shows: 'Collectors whose source is not there or could not be read.',
    normal: 'Sources this machine does not have: they never succeeded.',
    act: 'One that used to succeed fires ExporterCollectorFailing; the log of Aura says why.',
  }),
])

const notifications = row('Rules and notifications', [
  time({
    title: 'Time to evaluate rules',
    unit: unit.seconds,
    min: 0,
    queries: [query('{{instance}}', `sum by (instance) (${series('prometheus_rule_group_last_duration_seconds')})`)],
    shows: 'Time that one round of all rules takes.',
    normal: 'Below 1 s; it must stay below the interval of 15 s.',
    act: 'Page Rules of Prometheus shows which group is slow.',
  }),
  time({
    title: 'Notifications that fail',
    unit: unit.share,
    min: 0,
    max: 1,
    threshold: { bad: 0.01 },
    queries: [
      query(
        'to Alertmanager',
        ratio(
          `sum(${rate('prometheus_notifications_errors_total')})`,
          `sum(${rate('prometheus_notifications_sent_total')})`,
        ),
      ),
      query(
        'to {{integration}}',
        ratio(
          `sum by (integration) (${rate('alertmanager_notifications_failed_total')})`,
          `sum by (integration) (${rate('alertmanager_notifications_total')})`,
        ),
      ),
    ],
    empty: 'nothing was sent',
    shows: 'Share of messages about alerts that did not arrive.',
    normal: '0.',
    act: 'See AlertmanagerFailedToSendAlerts: address, password, network.',
  }),
])

/** Prometheus, Alertmanager, and what they read. */
export const prometheusBoard: Board = {
  name: 'prometheus',
  title: 'Prometheus and exporters',
  question: 'Is everything measured, evaluated and told?',
  anchor: 'up',
  sharesInstances: false,
  components: ['prometheus', 'alertmanager'],
  started: 'process_start_time_seconds',
  version: ['prometheus_build_info', 'version'],
  rows: [glance, targets, notifications, ...prometheusDetails],
}
