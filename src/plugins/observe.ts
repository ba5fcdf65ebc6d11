import { context, metrics, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Observe } from '../metrics-server/server.ts'

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Records `http.server.request.duration` as the OpenTelemetry HTTP conventions say. */
export function createObserve(): Observe {
  const duration = metrics.getMeter('aura').createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: buckets },
  })
  return (method, route, status, seconds) => {
    duration.record(seconds, {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    })
  }
}

/** Measures and traces every request of a Fastify server: the histogram, and one SERVER span that joins the caller's trace. */
export function observe(app: FastifyInstance, record: Observe): void {
  const tracer = trace.getTracer('aura')
  const spans = new WeakMap<FastifyRequest, Span>()

  app.addHook('onRequest', (request, _reply, done) => {
    const parent = propagation.extract(context.active(), request.headers)
    const span = tracer.startSpan(`${request.method} ${routeOf(request)}`, { kind: SpanKind.SERVER }, parent)
    spans.set(request, span)
    context.with(trace.setSpan(parent, span), done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    record(request.method, routeOf(request), reply.statusCode, reply.elapsedTime / 1000)
    const span = spans.get(request)
    span?.setAttributes({
      'http.request.method': request.method,
      'http.route': routeOf(request),
      'http.response.status_code': reply.statusCode,
      'url.path': request.url.split('?', 1)[0] ?? '',
      'url.scheme': request.protocol,
    })
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
    done()
  })
}

/** The route's pattern, never the raw URL: a label must not grow with what callers send. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown'
