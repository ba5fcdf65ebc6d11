import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const prometheus = (more = ''): string =>
  `{job="prometheus", instance="localhost:9090"${more === '' ? '' : `, ${more}`}}`
const manager = (more = ''): string =>
  `{job="alertmanager", instance="localhost:9093"${more === '' ? '' : `, ${more}`}}`
const on = '{{ $labels.instance }}'

const unconnected: AlertRule = {
  alert: 'PrometheusNotConnectedToAlertmanagers',
  expr: 'prometheus_notifications_alertmanagers_discovered{job="prometheus"} < 1',
  for: '10m',
  severity: 'warning',
  component: 'alertmanager',
  summary: `Prometheus at ${on} knows no Alertmanager`,
  description: '{{ $value }} Alertmanagers are configured: alerts are shown, but nobody is told.',
  board: 'prometheus',
  runbook: {
    means: 'Alerts fire in Prometheus and reach nobody.',
    look: ['The page Status, Runtime & Build Information of Prometheus; `npm run aura doctor`.'],
    causes: ['Alertmanager is not installed, or its address is missing in prometheus.yml.'],
    mend: ['`apt-get install prometheus-alertmanager`; Aura starts it beside itself.'],
  },
  proof: {
    series: {
      [`prometheus_notifications_alertmanagers_discovered${prometheus()}`]: phases(
        [1, 5],
        [0, 9],
        [1, 5],
        [0, 20],
        [1, 10],
      ),
    },
    quiet: 13,
    fires: 35,
    resolves: 45,
  },
}

const sending: AlertRule = {
  alert: 'PrometheusErrorSendingAlerts',
  expr: 'rate(prometheus_notifications_errors_total{job="prometheus"}[5m]) / (rate(prometheus_notifications_sent_total{job="prometheus"}[5m]) > 0) > 0.03',
  for: '15m',
  severity: 'critical',
  component: 'alertmanager',
  summary: `Prometheus at ${on} cannot hand its alerts over`,
  description: '{{ $value | humanizePercentage }} of the alerts for {{ $labels.alertmanager }} fail.',
  board: 'prometheus',
  runbook: {
    means: 'Alerts fire in Prometheus and do not reach people.',
    look: ['`curl -s http://127.0.0.1:9093/-/ready`; the log of Prometheus.'],
    causes: ['Alertmanager is down or overloaded; a firewall.'],
    mend: ['Start it (`systemctl start prometheus-alertmanager`, or restart Aura).'],
  },
  proof: {
    series: {
      [`prometheus_notifications_errors_total${prometheus('alertmanager="http://127.0.0.1:9093/api/v2/alerts"')}`]:
        counter([1, 30], [5, 30], [0, 30]),
      [`prometheus_notifications_sent_total${prometheus('alertmanager="http://127.0.0.1:9093/api/v2/alerts"')}`]:
        counter([60, 90]),
    },
    quiet: 29,
    fires: 55,
    resolves: 80,
  },
}

const queue: AlertRule = {
  alert: 'PrometheusNotificationQueueRunningFull',
  expr: 'prometheus_notifications_queue_length{job="prometheus"} / prometheus_notifications_queue_capacity{job="prometheus"} > 0.8',
  for: '10m',
  severity: 'warning',
  component: 'alertmanager',
  summary: `Alerts pile up in Prometheus at ${on}`,
  description: '{{ $value | humanizePercentage }} of its queue is full; what does not fit is dropped.',
  board: 'prometheus',
  runbook: {
    means: 'Alerts arrive late, and soon some not at all.',
    look: ['PrometheusErrorSendingAlerts; the log of Alertmanager.'],
    causes: ['Alertmanager is slow or away; a rule that fires thousands of alerts.'],
    mend: ['Start Alertmanager; find the rule with `count by (alertname) (ALERTS)`.'],
  },
  proof: {
    series: {
      [`prometheus_notifications_queue_length${prometheus()}`]: phases([79, 10], [90, 20], [0, 10]),
      [`prometheus_notifications_queue_capacity${prometheus()}`]: always(100),
    },
    quiet: 9,
    fires: 25,
    resolves: 35,
  },
}

const reload: AlertRule = {
  alert: 'AlertmanagerFailedReload',
  expr: 'alertmanager_config_last_reload_successful{job="alertmanager"} == 0',
  for: '10m',
  severity: 'critical',
  component: 'alertmanager',
  summary: `Alertmanager at ${on} runs with an old configuration`,
  description: 'The last reload failed (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'It goes on with the old one; after a restart it would not come up at all.',
    look: ['`amtool check-config FILE`; the log of Alertmanager.'],
    causes: ['A mistake in the file; a secret file that is missing.'],
    mend: ['Mend the file, then `kill -HUP PID` or restart.'],
  },
  proof: {
    series: {
      [`alertmanager_config_last_reload_successful${manager()}`]: phases([1, 5], [0, 9], [1, 5], [0, 20], [1, 10]),
    },
    quiet: 13,
    fires: 35,
    resolves: 45,
  },
}

const delivery: AlertRule = {
  alert: 'AlertmanagerFailedToSendAlerts',
  expr: 'rate(alertmanager_notifications_failed_total{job="alertmanager"}[15m]) / (rate(alertmanager_notifications_total{job="alertmanager"}[15m]) > 0) > 0.01',
  for: '5m',
  severity: 'critical',
  component: 'alertmanager',
  summary: `Alertmanager at ${on} cannot tell people by {{ $labels.integration }}`,
  description: '{{ $value | humanizePercentage }} of the notifications by {{ $labels.integration }} fail.',
  board: 'prometheus',
  runbook: {
    means: 'Alerts do not reach people by this way.',
    look: ['The log of Alertmanager names the receiver and the answer.'],
    causes: ['A wrong address or token; the service at the other end is away; no network.'],
    mend: ['Mend the receiver in alertmanager.yml; a second way (mail beside chat) keeps people informed meanwhile.'],
  },
  proof: {
    series: {
      [`alertmanager_notifications_failed_total${manager('integration="webhook"')}`]: counter(
        [0, 40],
        [0.1, 40],
        [0, 40],
      ),
      [`alertmanager_notifications_total${manager('integration="webhook"')}`]: counter([1, 120]),
    },
    quiet: 39,
    fires: 75,
    resolves: 110,
    labels: { integration: 'webhook' },
  },
}

/** What is recorded and told about the way from Prometheus to people. */
export const alertmanagerRules: RuleGroup = {
  name: 'alertmanager',
  title: 'Alertmanager: the way to people',
  recording: [
    {
      record: 'instance_integration:alertmanager_notifications_failed:ratio_rate15m',
      expr: 'rate(alertmanager_notifications_failed_total{job="alertmanager"}[15m]) / (rate(alertmanager_notifications_total{job="alertmanager"}[15m]) > 0)',
    },
  ],
  alerts: [unconnected, sending, queue, reload, delivery],
}
