import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { bridge, http, process } = limits
const self = (more = ''): string => `{job="aura", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`
const requests = (what: string, status: number): string =>
  `http_server_request_duration_seconds_${what}${self(`http_request_method="GET", http_route="/api/system/metrics", http_response_status_code="${status}"`)}`
const on = '{{ $labels.instance }}'

const restarting: AlertRule = {
  alert: 'AuraRestarting',
  expr: 'changes(process_start_time_seconds{job="aura"}[15m]) > 2',
  for: '0m',
  severity: 'warning',
  component: 'aura',
  summary: `Aura on ${on} is started again and again`,
  description: 'It was started {{ $value }} times within 15 minutes.',
  board: 'aura',
  runbook: {
    means: 'The console is up and down by turns; graphs have holes.',
    look: ['Its last words: `journalctl -u aura -n 100`, or where you keep its log.'],
    causes: ['A wrong configuration; a database that goes away; the kernel ended it for lack of memory.'],
    mend: ['`npm run aura doctor` names what is wrong and how to mend it.'],
  },
  proof: {
    series: { [`process_start_time_seconds${self()}`]: '1+0x19 2 3+0x9 4 5 6 7+0x40' },
    quiet: 25,
    fires: 33,
    resolves: 60,
  },
}

const loop: AlertRule = {
  alert: 'AuraEventLoopBlocked',
  expr: `nodejs_eventloop_lag_p99_seconds{job="aura"} > ${bridge.eventLoop}`,
  for: '5m',
  severity: 'warning',
  component: 'aura',
  summary: `Aura on ${on} cannot keep up`,
  description: `One turn in a hundred of its event loop comes {{ $value | humanizeDuration }} late; the limit is ${bridge.eventLoop * 1000} ms.`,
  board: 'aura',
  runbook: {
    means: 'Live values arrive late and pages open slowly. What Prometheus scrapes is not wrong, only late.',
    look: [
      '`top`: is the machine busy, or Aura alone. Board HTTP and process: which requests grow.',
      'Page Connections of the console: how many listen.',
    ],
    causes: ['A machine that is busy with something else; very many live connections; a very large answer.'],
    mend: ['Give Aura processor time: run models with `nice`; end what overloads the machine.'],
  },
  proof: {
    series: { [`nodejs_eventloop_lag_p99_seconds${self()}`]: phases([0.19, 10], [0.3, 10], [0.01, 10]) },
    quiet: 9,
    fires: 18,
    resolves: 25,
  },
}

const failing: AlertRule = {
  alert: 'AuraRequestsFail',
  expr: `instance:http_errors:ratio_rate5m{job="aura"} > ${http.errors} and on (job, instance) instance:http_requests:rate5m{job="aura"} > 0.1`,
  for: '5m',
  severity: 'warning',
  component: 'aura',
  summary: `Aura on ${on} answers with errors`,
  description: `{{ $value | humanizePercentage }} of the requests fail (status 500 and above); more than ${share(http.errors)}.`,
  board: 'aura',
  runbook: {
    means: 'Parts of the console or the API do not work.',
    look: [
      'The log of Aura: lines with level error carry the route and a trace id.',
      '`curl -s http://127.0.0.1:8080/readyz`.',
    ],
    causes: ['The database is away or full; Prometheus does not answer; a defect.'],
    mend: ['Mend what `/readyz` names. If it is a defect, keep the log line and report it.'],
  },
  proof: {
    series: {
      [requests('count', 200)]: counter([100, 30], [80, 30], [100, 30]),
      [requests('count', 500)]: counter([4, 30], [20, 30], [0, 30]),
    },
    quiet: 29,
    fires: 50,
    resolves: 80,
  },
}

const slow: AlertRule = {
  alert: 'AuraRequestsSlow',
  expr: `instance:http_request_duration_seconds:p95_5m{job="aura"} > ${http.slow} and on (job, instance) instance:http_requests:rate5m{job="aura"} > 0.1`,
  for: '10m',
  severity: 'warning',
  component: 'aura',
  summary: `Aura on ${on} answers slowly`,
  description: `One request in twenty takes longer than {{ $value | humanizeDuration }}; the limit is ${http.slow} second.`,
  board: 'aura',
  runbook: {
    means: 'Pages open late and graphs stay empty for a while.',
    look: [
      'Board HTTP and process: which route. AuraEventLoopBlocked, NodeSystemSaturation, PostgreSQLBlockedSessions.',
    ],
    causes: ['A busy machine; a slow database; a Prometheus with too much to read.'],
    mend: ['Mend what the looks show; shorten the range of the graph.'],
  },
  proof: {
    series: {
      [requests('bucket', 200).replace('}', ', le="0.5"}')]: counter([60, 30], [10, 40], [60, 40]),
      [requests('bucket', 200).replace('}', ', le="2.5"}')]: counter([60, 110]),
      [requests('bucket', 200).replace('}', ', le="+Inf"}')]: counter([60, 110]),
      [requests('count', 200)]: counter([60, 110]),
    },
    quiet: 29,
    fires: 60,
    resolves: 95,
  },
}

const skipped: AlertRule = {
  alert: 'AuraBridgeSkipsMuch',
  expr: `rate(aura_bridge_skipped_total{job="aura"}[5m]) / (rate(aura_bridge_skipped_total{job="aura"}[5m]) + on (job, instance) rate(aura_bridge_delivered_total{job="aura", class="state"}[5m]) > 1) > ${bridge.skippedShare}`,
  for: '10m',
  severity: 'info',
  component: 'aura',
  summary: `Most live values of ${on} are skipped`,
  description: `{{ $value | humanizePercentage }} of the values for live pages are conflated away, because readers are slower than they come.`,
  board: 'realtime',
  runbook: {
    means: 'Pages show the newest values, but not every one of them. Alerts and events are never skipped.',
    look: ['Page Connections of the console: which connection lags.'],
    causes: ['Phones on a weak network; a browser tab that hangs.'],
    mend: ['Nothing on the server; close pages that nobody looks at.'],
  },
  proof: {
    series: {
      [`aura_bridge_skipped_total${self()}`]: counter([100, 30], [900, 40], [0, 30]),
      [`aura_bridge_delivered_total${self('class="state"')}`]: counter([600, 110]),
    },
    quiet: 29,
    fires: 60,
    resolves: 90,
  },
}

const closes: AlertRule = {
  alert: 'AuraBridgeSlowReaders',
  expr: 'increase(aura_bridge_closes_total{job="aura", code=~"3008|3012"}[10m]) > 5',
  for: '5m',
  severity: 'info',
  component: 'aura',
  summary: `Live connections to ${on} are ended for being slow or mute`,
  description: '{{ printf "%.0f" $value }} connections were ended with code {{ $labels.code }} within ten minutes.',
  board: 'realtime',
  runbook: {
    means: 'Some pages lose their connection again and again; they come back by themselves and catch up.',
    look: ['Page Connections of the console. 3008: did not read; 3012: did not answer a ping.'],
    causes: ['A weak network; laptops that sleep; a proxy that holds data back.'],
    mend: ['Switch off response buffering in the proxy; see docs/operations.md.'],
  },
  proof: {
    series: { [`aura_bridge_closes_total${self('code="3008"')}`]: counter([0.4, 30], [2, 30], [0, 30]) },
    quiet: 29,
    fires: 50,
    resolves: 80,
    labels: { code: '3008' },
  },
}

const descriptors: AlertRule = {
  alert: 'ProcessFileDescriptorsNearLimit',
  expr: `process_open_fds / process_max_fds > ${process.files}`,
  for: '5m',
  severity: 'warning',
  component: 'aura',
  summary: `{{ $labels.job }} on ${on} soon opens no more files`,
  description: `{{ $value | humanizePercentage }} of its file descriptors are in use; more than ${share(process.files)}.`,
  board: 'aura',
  runbook: {
    means: 'Soon the program accepts no connection and opens no file.',
    look: ["`ls /proc/PID/fd | wc -l`, `ls -l /proc/PID/fd | awk '{print $NF}' | sort | uniq -c | sort -n | tail`."],
    causes: ['Many connections at once; a limit that is too low; a leak.'],
    mend: ['Raise `LimitNOFILE` of the unit; restart the program; report a leak with the list.'],
  },
  proof: {
    series: {
      [`process_open_fds${self()}`]: phases([79, 10], [85, 15], [10, 10]),
      [`process_max_fds${self()}`]: always(100),
    },
    quiet: 9,
    fires: 20,
    resolves: 30,
  },
}

const swollen: AlertRule = {
  alert: 'AuraMemoryHigh',
  expr: `process_resident_memory_bytes{job="aura"} > ${process.memory}`,
  for: '15m',
  severity: 'warning',
  component: 'aura',
  summary: `Aura on ${on} uses much memory`,
  description: '{{ $value | humanize1024 }}B of memory; usual are 150 to 300 MB.',
  board: 'aura',
  runbook: {
    means: 'Memory that models could use; it may go on growing.',
    look: ['Board HTTP and process: has it grown slowly (a leak) or at once (a large answer).'],
    causes: ['Thousands of live connections; a leak.'],
    mend: ['Restart Aura: nothing is lost. If it grows again, report it with the graph.'],
  },
  proof: {
    series: { [`process_resident_memory_bytes${self()}`]: phases([1e9, 20], [1.2e9, 30], [2e8, 10]) },
    quiet: 19,
    fires: 45,
    resolves: 55,
  },
}

const total = 'sum by (job, instance) (rate(http_server_request_duration_seconds_count[5m]))'

/** What is recorded and told about Aura itself. */
export const auraRules: RuleGroup = {
  name: 'aura',
  title: 'Aura: requests, live bridge, process',
  recording: [
    { record: 'instance:http_requests:rate5m', expr: total },
    {
      record: 'instance:http_errors:ratio_rate5m',
      expr: `sum by (job, instance) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / (${total} > 0)`,
    },
    {
      record: 'instance:http_request_duration_seconds:p95_5m',
      expr: 'histogram_quantile(0.95, sum by (job, instance, le) (rate(http_server_request_duration_seconds_bucket{http_route!~"/metrics.*"}[5m])))',
    },
    {
      record: 'instance_route:http_request_duration_seconds:p95_5m',
      expr: 'histogram_quantile(0.95, sum by (job, instance, http_route, le) (rate(http_server_request_duration_seconds_bucket[5m])))',
    },
    {
      record: 'instance_class:aura_bridge_delivery_latency_seconds:p99_5m',
      expr: 'histogram_quantile(0.99, sum by (job, instance, class, le) (rate(aura_bridge_delivery_latency_seconds_bucket[5m])))',
    },
    { record: 'instance:aura_bridge_connections:sum', expr: 'sum by (job, instance) (aura_bridge_connections)' },
  ],
  alerts: [restarting, loop, failing, slow, skipped, closes, descriptors, swollen],
}
