import { limits } from '../limits.ts'
import { phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { scrape } = limits
const on = '{{ $labels.instance }}'

const down: AlertRule = {
  alert: 'TargetDown',
  expr: 'up == 0',
  for: '5m',
  severity: 'critical',
  component: 'prometheus',
  summary: `{{ $labels.job }} at ${on} cannot be scraped`,
  description: 'No scrape has succeeded for five minutes (up is {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'There are no values from there, so none of its alerts can fire.',
    look: ['The page Status, Targets of Prometheus says why.', '`curl -s http://INSTANCE/metrics | head`.'],
    causes: [
      'The program or the machine is down; a firewall; a wrong password or certificate; a scrape that takes too long.',
    ],
    mend: ['Start the program, open the port, mend the credentials in prometheus/prometheus.yml.'],
  },
  proof: {
    series: { 'up{job="node", instance="ai:9464"}': phases([1, 10], [0, 4], [1, 10], [0, 20], [1, 10]) },
    quiet: 13,
    fires: 35,
    resolves: 50,
    labels: { job: 'node' },
  },
}

const slowScrape: AlertRule = {
  alert: 'TargetScrapeSlow',
  // prometheus.yml gives a scrape ten seconds.
  expr: `scrape_duration_seconds > ${scrape.slow * 10}`,
  for: '10m',
  severity: 'warning',
  component: 'prometheus',
  summary: `Scraping {{ $labels.job }} at ${on} nearly takes too long`,
  description: `A scrape takes {{ $value | humanizeDuration }}; it is given up after 10 s. The limit is ${share(scrape.slow)} of that.`,
  board: 'prometheus',
  runbook: {
    means: 'Soon scrapes fail and graphs have holes.',
    look: ['`*_scrape_collector_duration_seconds` names the collector that is slow.'],
    causes: ['A source that hangs; a machine under heavy load; very many series.'],
    mend: ['Mend the source or switch its collector off; see docs/operations.md.'],
  },
  proof: {
    series: { 'scrape_duration_seconds{job="node", instance="ai:9464"}': phases([7.9, 20], [9, 20], [0.1, 10]) },
    quiet: 19,
    fires: 35,
    resolves: 45,
  },
}

const collector: AlertRule = {
  alert: 'ExporterCollectorFailing',
  // Those that never worked on this machine are no news.
  expr: '{__name__=~"node_scrape_collector_success|pg_scrape_collector_success|gpu_scrape_collector_success|ollama_scrape_collector_success"} == 0 and max_over_time({__name__=~"node_scrape_collector_success|pg_scrape_collector_success|gpu_scrape_collector_success|ollama_scrape_collector_success"}[1d]) == 1',
  for: '15m',
  severity: 'warning',
  component: 'prometheus',
  summary: `Collector {{ $labels.collector }} of {{ $labels.job }} at ${on} fails`,
  description: 'It worked within the last day and has failed for 15 minutes (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'Some values are missing: what they would show is not known, and alerts on them cannot fire.',
    look: ['The log of Aura has one line with the cause, at the moment it began.', '`npm run aura doctor`.'],
    causes: ['A source that is gone or hangs; missing rights after an upgrade.'],
    mend: ['Mend the source or the rights; switch the collector off if the source is gone for good.'],
  },
  proof: {
    series: {
      'node_scrape_collector_success{job="node", instance="ai:9464", collector="hwmon"}': phases(
        [1, 20],
        [0, 14],
        [1, 10],
        [0, 40],
        [1, 10],
      ),
    },
    quiet: 33,
    fires: 75,
    resolves: 90,
    labels: { collector: 'hwmon' },
  },
}

/** What is recorded and told about what Prometheus scrapes. */
export const targetRules: RuleGroup = {
  name: 'targets',
  title: 'Targets: what Prometheus scrapes',
  recording: [
    { record: 'job:scrape_duration_seconds:max', expr: 'max by (job) (scrape_duration_seconds)' },
    { record: 'job:scrape_samples:sum', expr: 'sum by (job) (scrape_samples_post_metric_relabeling)' },
  ],
  alerts: [down, slowScrape, collector],
}
