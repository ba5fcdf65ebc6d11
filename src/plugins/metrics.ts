import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createPages } from '../exporters/pages.ts'
import type { Filter, Runner } from '../exporters/runner.ts'
import type { SelfMetrics } from './self-metrics.ts'

export interface MetricsOptions {
  /** Exporter name -> its runner; one path each. */
  readonly runners: ReadonlyMap<string, Runner>
  readonly self: SelfMetrics
  /** The page of our own OpenTelemetry instruments; empty where no SDK is loaded. */
  readonly instruments: () => Promise<string>
  /** Longest time one collector may take, ms. */
  readonly timeout: number
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8'
const loopback = /^(::ffff:)?127\.|^::1$/

/** Routes /metrics (Aura itself), /metrics/<exporter> and /metrics/all. */
export function metrics(app: FastifyInstance, { runners, self, instruments, timeout }: MetricsOptions): void {
  const pages = createPages()
  const all = [...runners.values()]

  app.get('/metrics', async (request, reply) => {
    const parts = [self.all(), instruments()]
    return send(request, reply, joined(await Promise.all(parts)))
  })
  app.get('/metrics/all', async (request, reply) => {
    const parts = [self.all(), instruments(), pages(all, filterOf(request, all), deadlineOf(request, timeout))]
    return send(request, reply, joined(await Promise.all(parts)))
  })
  for (const [name, runner] of runners) {
    app.get(`/metrics/${name}`, async (request, reply) => {
      const parts = [pages([runner], filterOf(request, [runner]), deadlineOf(request, timeout)), self.process()]
      return send(request, reply, joined(await Promise.all(parts)))
    })
  }
  const paths = ['/metrics', ...[...runners.keys(), 'all'].map((name) => `/metrics/${name}`)]
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(index(paths)))
}

const joined = (parts: readonly string[]): string => parts.join('')

function index(paths: readonly string[]): string {
  const links = paths.map((path) => `<li><a href="${path}">${path}</a></li>`).join('')
  return `<!doctype html><html lang="en"><title>Aura metrics</title><h1>Aura metrics</h1><ul>${links}</ul></html>`
}

/** Compressing for a neighbour in the same machine would only cost both of them time. */
function send(request: FastifyRequest, reply: FastifyReply, page: string): FastifyReply {
  void reply.type(contentType)
  const gzip = request.headers['accept-encoding']?.includes('gzip') === true
  if (!gzip || loopback.test(request.socket.remoteAddress ?? '')) return reply.send(page)
  return reply
    .header('content-encoding', 'gzip')
    .header('vary', 'accept-encoding')
    .send(gzipSync(page, { level: 1 }))
}

/** `collect[]` and `exclude[]`; a name that no collector has is the caller's error, as in node_exporter. */
function filterOf(request: FastifyRequest, wanted: readonly Runner[]): Filter {
  const query = request.query as Record<string, string | string[] | undefined>
  const filter = { collect: list(query['collect[]']), exclude: list(query['exclude[]']) }
  const known = new Set(wanted.flatMap((runner) => runner.collectors))
  const odd = [...filter.collect, ...filter.exclude].find((name) => !known.has(name))
  if (odd !== undefined) throw badRequest(`no collector is called ${odd}; there are ${[...known].join(', ')}`)
  if (filter.collect.length > 0 && filter.exclude.length > 0) {
    throw badRequest('collect[] and exclude[] cannot be combined')
  }
  return filter
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

function badRequest(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400, code: 'BAD_REQUEST' })
}

/** Half a second before Prometheus gives up, or half of a shorter patience; never more than configured. */
export function deadlineOf(request: FastifyRequest, timeout: number): number {
  const announced = Number(request.headers['x-prometheus-scrape-timeout-seconds']) * 1000
  if (!(announced > 0)) return timeout
  return Math.round(Math.min(timeout, Math.max(announced - 500, announced / 2)))
}
