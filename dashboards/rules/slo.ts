import { counter, phases } from '../lib/proof.ts'
import type { RuleGroup } from '../lib/rule.ts'
import { sloAlerts, sloRecording, type Slo } from '../lib/slo.ts'

const day = 1440

/** A gauge of 0 and 1 that is the promise itself. */
const reachable = (series: string, bad: number, every: number): Slo['proof'] => ({
  fast: { series: { [series]: phases([1, 400], [0, bad], [1, 600]) }, quiet: 390, fires: 400 + bad, resolves: 900 },
  slow: {
    // One value in so many is lost for most of a day: too little to get up for.
    series: { [series]: `1+0x${day - 1} ${`0 1+0x${every - 2} `.repeat(Math.ceil(1000 / every))}1+0x5000` },
    quiet: day - 10,
    fires: day + 950,
    resolves: day + 5500,
  },
})

const route = 'http_request_method="GET", http_route="/api/system/metrics"'
const requests = (status: number): string =>
  `http_server_request_duration_seconds_count{job="aura", instance="ai:9464", ${route}, http_response_status_code="${status}"}`
const bucket = (le: string): string =>
  `http_server_request_duration_seconds_bucket{job="aura", instance="ai:9464", ${route}, http_response_status_code="200", le="${le}"}`

/** Requests of people, without the scrapes. */
const human = 'job="aura", http_route!~"/metrics.*"'
/** A share of few requests says nothing: at least so many within the window. */
const enough = 20

const slos: readonly Slo[] = [
  {
    name: 'scrapes',
    title: 'Scrapes',
    promise: 'Aura can be scraped 99.5 % of the time',
    objective: 0.995,
    errors: (window) => `1 - avg(avg_over_time(up{job=~"node|postgres|gpu|ollama|aura"}[${window}]))`,
    board: 'prometheus',
    runbook: {
      look: ['`up == 0` in Prometheus names the job; `curl -s http://127.0.0.1:9464/metrics/host | head`.'],
      causes: ['Aura is stopped or restarting; the machine is overloaded; a firewall or a wrong password.'],
      mend: ['Start Aura; see TargetDown and AuraRestarting.'],
    },
    proof: reachable('up{job="node", instance="ai:9464"}', 20, 50),
  },
  {
    name: 'postgres-reachable',
    title: 'PostgreSQLReachable',
    promise: 'PostgreSQL answers 99.5 % of the time',
    objective: 0.995,
    errors: (window) => `1 - avg(avg_over_time(pg_up{job="postgres"}[${window}]))`,
    board: 'postgres',
    runbook: {
      look: ['PostgreSQLDown and its runbook; the log of PostgreSQL.'],
      causes: ['Restarts, crashes, a full disk, too many connections.'],
      mend: ['As under PostgreSQLDown.'],
    },
    proof: reachable('pg_up{job="postgres", instance="ai:9464"}', 20, 50),
  },
  {
    name: 'ollama-reachable',
    title: 'OllamaReachable',
    promise: 'Ollama answers 99 % of the time',
    objective: 0.99,
    errors: (window) => `1 - avg(avg_over_time(ollama_up{job="ollama"}[${window}]))`,
    board: 'ollama',
    runbook: {
      look: ['OllamaDown and its runbook; `journalctl -u ollama`.'],
      causes: ['Restarts, crashes for lack of memory, upgrades.'],
      mend: ['As under OllamaDown.'],
    },
    proof: reachable('ollama_up{job="ollama", instance="ai:9464"}', 40, 25),
  },
  {
    name: 'gpu-readable',
    title: 'GPUReadable',
    promise: 'GPUs can be read 99 % of the time',
    objective: 0.99,
    errors: (window) => `1 - avg(avg_over_time(gpu_up{job="gpu"}[${window}]))`,
    board: 'gpu',
    runbook: {
      look: ['GPUCollectionFailing and its runbook; `nvidia-smi`.'],
      causes: ['A driver in trouble; a card that falls off the bus.'],
      mend: ['As under GPUCollectionFailing.'],
    },
    proof: reachable('gpu_up{job="gpu", instance="ai:9464", vendor="nvidia"}', 40, 25),
  },
  {
    name: 'requests-succeed',
    title: 'RequestsSucceed',
    promise: '99.5 % of the requests to Aura succeed',
    objective: 0.995,
    errors: (window) =>
      `sum(rate(http_server_request_duration_seconds_count{${human}, http_response_status_code=~"5.."}[${window}])) / (sum(rate(http_server_request_duration_seconds_count{${human}}[${window}])) and sum(increase(http_server_request_duration_seconds_count{${human}}[${window}])) > ${enough})`,
    board: 'aura',
    runbook: {
      look: ['AuraRequestsFail and its runbook; the log of Aura, level error.'],
      causes: ['The database is away; Prometheus does not answer; a defect.'],
      mend: ['As under AuraRequestsFail.'],
    },
    proof: {
      fast: {
        series: { [requests(200)]: counter([60, 1200]), [requests(500)]: counter([0.1, 400], [30, 30], [0, 700]) },
        quiet: 390,
        fires: 430,
        resolves: 900,
      },
      slow: {
        series: { [requests(200)]: counter([60, 7000]), [requests(500)]: counter([0.1, day], [1.2, 1000], [0, 4500]) },
        quiet: day - 10,
        fires: day + 950,
        resolves: day + 5400,
      },
    },
  },
  {
    name: 'requests-quick',
    title: 'RequestsQuick',
    promise: '99 % of the requests to Aura take less than half a second',
    objective: 0.99,
    errors: (window) =>
      `1 - sum(rate(http_server_request_duration_seconds_bucket{${human}, le="0.5"}[${window}])) / (sum(rate(http_server_request_duration_seconds_bucket{${human}, le="+Inf"}[${window}])) and sum(increase(http_server_request_duration_seconds_bucket{${human}, le="+Inf"}[${window}])) > ${enough})`,
    board: 'aura',
    runbook: {
      look: ['AuraRequestsSlow and its runbook.'],
      causes: ['A busy machine, a slow database, a Prometheus with too much to read.'],
      mend: ['As under AuraRequestsSlow.'],
    },
    proof: {
      fast: {
        series: { [bucket('0.5')]: counter([60, 400], [20, 40], [60, 800]), [bucket('+Inf')]: counter([60, 1240]) },
        quiet: 390,
        fires: 438,
        resolves: 900,
      },
      slow: {
        series: { [bucket('0.5')]: counter([60, day], [58, 1000], [60, 4500]), [bucket('+Inf')]: counter([60, 6940]) },
        quiet: day - 10,
        fires: day + 950,
        resolves: day + 5400,
      },
    },
  },
]

/** Six promises over 30 days, each in a file of its own with a fast and a slow burn of its budget. */
export const sloRules: readonly RuleGroup[] = slos.map((slo) => ({
  name: `slo-${slo.name}`,
  title: `Promise: ${slo.promise}`,
  recording: sloRecording(slo),
  alerts: sloAlerts(slo),
  step: 5,
}))
