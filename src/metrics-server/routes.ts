import { createPages } from '../exporters/pages.ts'
import type { Filter, Runner } from '../exporters/runner.ts'
import type { Exemplars } from '../otel/exemplars.ts'
import { openMetricsType, prefersOpenMetrics, toOpenMetrics } from './open-metrics.ts'
import { processMetrics } from './process-metrics.ts'

/** What a route gets to know of a request. */
export interface ScrapeRequest {
  readonly query: URLSearchParams
  /** Time until the scraper gives up, ms, where it said so. */
  readonly patience: number | undefined
  /** The Accept header. */
  readonly accept?: string | undefined
}

export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export type Route = (request: ScrapeRequest) => Promise<Reply>

export interface RouteOptions {
  /** Exporter name -> its runner; one path each. */
  readonly runners: ReadonlyMap<string, Runner>
  /** Aura's own page: `/metrics`. */
  readonly own: () => Promise<string>
  /** Traces behind the buckets of Aura's own page: whoever asks for OpenMetrics gets them. */
  readonly exemplars?: Exemplars | undefined
  /** Longest time one collector may take, ms. */
  readonly timeout: number
  /** Metrics of further servers named by the request: `/probe`. */
  readonly probe?: Probe | undefined
}

/** Answers `/probe`; `deadline` is the longest time that one collector may take, ms. */
export interface Probe {
  answer(request: { readonly query: URLSearchParams; readonly deadline: number }): Promise<Reply>
  stop(): Promise<void>
}

/** The caller's mistake: answered 400 with this message. */
export class BadRequestError extends Error {
  readonly code = 'BAD_REQUEST'
}

const exposition = (body: string): Reply => ({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body })

/** /metrics (Aura itself), /metrics/<exporter>, /metrics/all, and a list of them at /. */
export function createRoutes({ runners, own, exemplars, timeout, probe }: RouteOptions): Map<string, Route> {
  const pages = createPages()
  const page = (wanted: readonly Runner[], { query, patience }: ScrapeRequest): Promise<string> =>
    pages(wanted, filterOf(query, wanted), deadline(patience, timeout))
  const self: Route = async ({ accept }) => {
    if (exemplars === undefined || !prefersOpenMetrics(accept)) return exposition(await own())
    return { status: 200, type: openMetricsType, body: toOpenMetrics(await own(), exemplars) }
  }
  const routes = new Map<string, Route>([['/metrics', self]])
  for (const [name, runner] of runners) {
    routes.set(`/metrics/${name}`, async (request) => exposition((await page([runner], request)) + processMetrics()))
  }
  routes.set('/metrics/all', async (request) => {
    const [mine, all] = await Promise.all([own(), page([...runners.values()], request)])
    return exposition(mine + all)
  })
  if (probe) {
    routes.set('/probe', ({ query, patience }) => probe.answer({ query, deadline: deadline(patience, timeout) }))
  }
  const index = html([...routes.keys()])
  routes.set('/', async () => ({ status: 200, type: 'text/html; charset=utf-8', body: index }))
  return routes
}

function html(paths: readonly string[]): string {
  const links = paths.map((path) => `<li><a href="${path}">${path}</a></li>`).join('')
  return `<!doctype html><html lang="en"><title>Aura metrics</title><h1>Aura metrics</h1><ul>${links}</ul></html>`
}

/** `collect[]` and `exclude[]`; a name that no collector has, or both at once, is refused, as in node_exporter. */
function filterOf(query: URLSearchParams, wanted: readonly Runner[]): Filter {
  const filter = { collect: query.getAll('collect[]'), exclude: query.getAll('exclude[]') }
  const known = new Set(wanted.flatMap((runner) => runner.collectors))
  const odd = [...filter.collect, ...filter.exclude].find((name) => !known.has(name))
  if (odd !== undefined) throw new BadRequestError(`no collector is called ${odd}; there are ${[...known].join(', ')}`)
  if (filter.collect.length > 0 && filter.exclude.length > 0) {
    throw new BadRequestError('collect[] and exclude[] cannot be combined')
  }
  return filter
}

/** Half a second before the scraper gives up, or half of a shorter patience; never more than configured. */
export function deadline(patience: number | undefined, timeout: number): number {
  if (patience === undefined || !(patience > 0)) return timeout
  return Math.round(Math.min(timeout, Math.max(patience - 500, patience / 2)))
}
