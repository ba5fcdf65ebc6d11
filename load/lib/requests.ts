import { check } from 'k6'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import { baseUrl, headersOf, metricsUrl } from './settings.ts'

type Answer = RefinedResponse<'text' | 'none'>

/** What a page of the console asks for, and an administrator. */
const pages = [
  '/api/system/metrics',
  '/api/system/history?minutes=15&series=cpu.busy,memory.used',
  '/api/database/health',
  '/api/models/status',
  '/api/alerts/firing',
  '/api/websocket/connections?limit=50',
  '/api/governance/roles',
  '/api/governance/audit-logs?limit=50',
]

const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(Math.random() * items.length)]

const nameOf = (path: string): string => path.replace(/\?.*$/, '')

/** One request to the API, as some user. */
export function askApi(): void {
  const path = pick(pages) ?? '/'
  const headers = headersOf(exec.vu.idInTest)
  const answer = http.get(baseUrl + path, { headers, tags: { kind: 'api', name: nameOf(path) } })
  check(answer, { 'the API answers': ({ status }) => status === 200 })
}

/** One look at whether Aura is well. */
export function askHealth(): void {
  const path = pick(['/healthz', '/readyz']) ?? '/healthz'
  const answer = http.get(baseUrl + path, { tags: { kind: 'health', name: path } })
  check(answer, { 'Aura is well': ({ status }) => status === 200 })
}

/** Pages, and a series that each of them always has. */
const metrics: readonly (readonly [page: string, series: string])[] = [
  ['/metrics', 'process_resident_memory_bytes'],
  ['/metrics/host', 'node_scrape_collector_success'],
  ['/metrics/gpu', 'gpu_scrape_collector_success'],
  ['/metrics/postgres', 'pg_scrape_collector_success'],
  ['/metrics/ollama', 'ollama_scrape_collector_success'],
  ['/metrics/all', 'node_scrape_collector_success'],
]

const asPrometheus = {
  Accept: 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'Accept-Encoding': 'gzip',
  'User-Agent': 'Prometheus/3.0',
  'X-Prometheus-Scrape-Timeout-Seconds': '10',
}

const holds = ({ body }: Answer, series: string): boolean => typeof body === 'string' && body.includes(`\n${series}`)

/** One page of metrics, the way Prometheus asks for it. */
export function scrape(page: string, series: string): Answer {
  const answer = http.get(metricsUrl + page, { headers: asPrometheus, tags: { kind: 'scrape', name: page } })
  check(answer, { 'the page is whole': (each) => each.status === 200 && holds(each, series) })
  return answer
}

/** All pages of metrics, one after the other. */
export function scrapeAll(): void {
  for (const [page, series] of metrics) scrape(page, series)
}

/** Takes nothing along from the audit log, which is written down: two events for everybody who reads it, and an alert. */
export function act(): void {
  const url = `${baseUrl}/api/governance/audit-logs/export?actor=nobody`
  const answer = http.get(url, { headers: headersOf(0), tags: { kind: 'act', name: 'export' } })
  check(answer, { 'the act is done': ({ status }) => status === 200 })
}

/** The scenario of k6 for acts at an even pace, after `start` seconds; none where they may not be done. */
export function actingAt(perMinute: number, seconds: number, allowed: boolean, start: number) {
  if (!allowed || perMinute === 0) return {}
  const rate = { executor: 'constant-arrival-rate', rate: perMinute, timeUnit: '60s', startTime: `${start}s` } as const
  return { acts: { ...rate, exec: 'doActs', duration: `${seconds}s`, preAllocatedVUs: 1, maxVUs: 2 } }
}
