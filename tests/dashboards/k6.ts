import type { Known } from './known.ts'

/** Labels of every series that `npm run load` sends. */
const run = ['job', 'instance', 'load', 'scenario', 'group']
const requests = ['method', 'name', 'status', 'kind', 'url', 'proto', 'expected_response']

const sockets = ['name', 'url', 'status']

const counters: Readonly<Record<string, readonly string[]>> = {
  http_reqs: requests,
  iterations: [],
  dropped_iterations: [],
  data_received: [],
  data_sent: [],
  ws_sessions: sockets,
  ws_msgs_received: sockets,
  ws_msgs_sent: sockets,
  gaps: [],
  duplicates: [],
  skipped: [],
  drops: [],
  retries: [],
  refusals: ['code'],
}
const rates: Readonly<Record<string, readonly string[]>> = {
  http_req_failed: requests,
  checks: ['check'],
  recovered: [],
}
const trends: Readonly<Record<string, readonly string[]>> = {
  http_req_duration: requests,
  ws_connecting: sockets,
  delivery: ['class'],
  reconnect: [],
}
const gauges = ['vus', 'vus_max', 'memory', 'growth', 'leftover']
const stats = ['min', 'med', 'p95', 'p99', 'max']

const known = (name: string, type: string, labels: readonly string[]): [string, Known] => [
  `k6_${name}`,
  { type, labels: new Set([...run, ...labels]) },
]

/**
 * What k6 writes into a Prometheus, as its documentation of the remote write output names it: nothing of it is scraped.
 * tests/load/board.integration.test.ts compares with a real run.
 */
export const writtenByK6: readonly [string, Known][] = [
  ...Object.entries(counters).map(([name, labels]) => known(`${name}_total`, 'counter', labels)),
  ...Object.entries(rates).map(([name, labels]) => known(`${name}_rate`, 'gauge', labels)),
  ...Object.entries(trends).flatMap(([name, labels]) => stats.map((stat) => known(`${name}_${stat}`, 'gauge', labels))),
  ...gauges.map((name) => known(name, 'gauge', [])),
]
