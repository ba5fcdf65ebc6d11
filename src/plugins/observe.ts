import {
  metrics,
  propagation,
  ROOT_CONTEXT,
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
} from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Observe } from '../metrics-server/server.ts'
import { requestBounds } from '../otel/bounds.ts'
import type { Exemplars } from '../otel/exemplars.ts'

/** Records `http.server.request.duration` as the OpenTelemetry HTTP conventions say, and which trace was so long. */
export function createObserve(exemplars?: Exemplars): Observe {
  const duration = metrics.getMeter('aura').createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: requestBounds },
  })
  return (method, route, status, seconds, span) => {
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    }
    duration.record(seconds, attributes)
    if (span === undefined) return
    const labels = { http_request_method: method, http_route: route, http_response_status_code: String(status) }
    exemplars?.keep('http_server_request_duration_seconds', labels, seconds, span)
  }
}

/** Measures and traces every request of a Fastify server: the histogram, and one SERVER span that joins the caller's trace. */
export function observe(app: FastifyInstance, record: Observe): void {
  const tracer = trace.getTracer('aura')
  const spans = new WeakMap<FastifyRequest, Span>()

  function end(request: FastifyRequest, status: number): void {
    const span = spans.get(request)
    if (!span?.isRecording()) return
    span.setAttribute('http.response.status_code', status)
    if (status >= 500) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

  app.addHook('onRoute', (route) => onUpgrade(route, (request) => end(request, 101)))
  app.addHook('onRequest', (request, reply, done) => {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    const span = tracer.startSpan(`${request.method} ${routeOf(request)}`, { kind: SpanKind.SERVER }, parent)
    spans.set(request, span)
    if (span.isRecording()) {
      span.setAttributes(describe(request))
      // A caller that left before the answer: 499, as proxies say it.
      reply.raw.once('close', () => end(request, reply.raw.writableFinished ? reply.statusCode : 499))
    }
    context.with(trace.setSpan(parent, span), done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    record(request.method, routeOf(request), reply.statusCode, reply.elapsedTime / 1000, spans.get(request))
    end(request, reply.statusCode)
    done()
  })
}

/** Told when a socket has taken over a request: there will be no response, and the span need not wait for the socket. */
function onUpgrade(route: RouteOptions & { websocket?: boolean }, told: (request: FastifyRequest) => void): void {
  if (route.websocket !== true) return
  const handler = route.handler as unknown as (socket: unknown, request: FastifyRequest) => unknown
  const upgraded = function (this: unknown, socket: unknown, request: FastifyRequest): unknown {
    told(request)
    return handler.call(this, socket, request)
  }
  route.handler = upgraded as unknown as RouteOptions['handler']
}

/** The path without its query: that may hold secrets. */
const describe = (request: FastifyRequest) => ({
  'http.request.method': request.method,
  'http.route': routeOf(request),
  'url.path': request.url.split('?', 1)[0] ?? '',
  'url.scheme': request.protocol,
  'server.address': request.hostname,
  'client.address': request.ip,
  'user_agent.original': request.headers['user-agent'] ?? '',
})

/** The route's pattern, never the raw URL: a label must not grow with what callers send. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown'
