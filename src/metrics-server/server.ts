import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Span } from '@opentelemetry/api'
import type { Logger } from '../lib/logger.ts'
import type { Guard } from '../web-config/guard.ts'
import { BadRequestError, type Reply, type Route } from './routes.ts'

/** Told of every request once it is answered: method, route (`unknown` if there is none), status, seconds, its span. */
export type Observe = (method: string, route: string, status: number, seconds: number, span?: Span) => void

export interface MetricsServerOptions {
  readonly routes: ReadonlyMap<string, Route>
  readonly log: Logger
  readonly observe?: Observe
  readonly guard?: Guard
}

const loopback = /^(::ffff:)?127\.|^::1$/
const problem = (status: number, body: string): Reply => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

/**
 * The server that Prometheus scrapes, not yet listening. It is Node's own rather than Fastify because `aura exporter`
 * has 85 MB in all, of which Fastify would take 20 for a handful of fixed paths.
 */
export function createMetricsServer({ routes, log, observe, guard }: MetricsServerOptions): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const start = performance.now()
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const route = routes.get(path)
    response.on('close', () => {
      const seconds = (performance.now() - start) / 1000
      observe?.(request.method ?? '', route ? path : 'unknown', response.statusCode, seconds)
    })
    answer(request, response, route, guard, log).then(
      (reply) => send(request, response, reply),
      (error: unknown) => {
        log.error({ err: error, path }, 'request failed')
        send(request, response, problem(500, 'internal error; the log says more'))
      },
    )
  }
  const server = createServer(guard, listener)
  // Longer than any scrape interval, so that Prometheus keeps its connection.
  server.keepAliveTimeout = 300_000
  return server
}

// Not imported: an ES import of node:http makes Node load its WebSocket client, 13 MB.
function createServer(guard: Guard | undefined, listener: (q: IncomingMessage, r: ServerResponse) => void): Server {
  const tls = guard?.tls()
  if (tls === undefined) return process.getBuiltinModule('node:http').createServer(listener)
  const server = process.getBuiltinModule('node:https').createServer(tls, listener)
  guard?.followCertificate(server)
  return server
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route | undefined,
  guard: Guard | undefined,
  log: Logger,
): Promise<Reply> {
  const refused = await guard?.refuse(request, response)
  if (refused) return refused
  if (route === undefined) return problem(404, 'not found; / lists what is here')
  if (request.method !== 'GET' && request.method !== 'HEAD') return problem(405, 'GET only')
  const query = new URLSearchParams((request.url ?? '').split('?', 2)[1])
  const announced = Number(request.headers['x-prometheus-scrape-timeout-seconds'])
  try {
    return await route({
      query,
      patience: announced > 0 ? announced * 1000 : undefined,
      accept: request.headers.accept,
    })
  } catch (error) {
    if (!(error instanceof BadRequestError)) throw error
    log.debug({ url: request.url, cause: error.message }, 'request refused')
    return problem(400, error.message)
  }
}

/** Compressing for a neighbour on the same machine would only cost both of them time. */
function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Reply): void {
  const gzip =
    request.headers['accept-encoding']?.includes('gzip') && !loopback.test(request.socket.remoteAddress ?? '')
  const payload = gzip ? gzipSync(body, { level: 1 }) : Buffer.from(body)
  const encoding = gzip ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {}
  response.writeHead(status, { 'content-type': type, 'content-length': payload.length, ...encoding })
  response.end(request.method === 'HEAD' ? undefined : payload)
}

/** Where a listening server answers. */
export function urlOf(server: Server, secure: boolean): string {
  const { address, port, family } = server.address() as AddressInfo
  return `${secure ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
