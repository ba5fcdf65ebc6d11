import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type ContextManager,
  type Span,
  type TextMapPropagator,
  type Tracer,
} from '@opentelemetry/api'

// What stands in for the tracing SDK where no trace leaves: a request gets a trace id for its log lines, or keeps its
// caller's, and nothing else is made or kept.

const pattern = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/

const propagator: TextMapPropagator = {
  fields: () => [],
  // Nothing that we would say of a trace is true without spans of our own.
  inject: () => undefined,
  extract(into, carrier, getter) {
    const header = getter.get(carrier, 'traceparent')
    const [, traceId = '', spanId = ''] = pattern.exec(typeof header === 'string' ? header : '') ?? []
    const found = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true }
    return isSpanContextValid(found) ? trace.setSpanContext(into, found) : into
  },
}

function start(kind: SpanKind | undefined, parent: Context): Span {
  const above = trace.getSpanContext(parent)
  // Only requests are worth an id of their own.
  if (kind !== SpanKind.SERVER) return trace.wrapSpanContext(above ?? { traceId: '', spanId: '', traceFlags: 0 })
  const bytes = randomBytes(24).toString('hex')
  const traceId = above?.traceId ?? bytes.slice(16)
  return trace.wrapSpanContext({ traceId, spanId: bytes.slice(0, 16), traceFlags: TraceFlags.NONE })
}

const tracer: Tracer = {
  startSpan: (_name, options, parent = context.active()) => start(options?.kind, parent),
  startActiveSpan: (...args: unknown[]) => {
    const run = args.at(-1) as (span: Span) => unknown
    const span = start(undefined, context.active())
    return context.with(trace.setSpan(context.active(), span), run, undefined, span)
  },
}

function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) => storage.run(active, () => run.apply(self, args)),
    bind: (active, target) =>
      typeof target === 'function'
        ? (((...args: unknown[]) =>
            storage.run(active, () => (target as (...all: unknown[]) => unknown)(...args))) as typeof target)
        : target,
    enable: () => manager,
    disable: () => manager,
  }
  return manager
}

/** Makes trace ids for log lines without any SDK. */
export function startLocalTraces(): void {
  context.setGlobalContextManager(createContextManager())
  propagation.setGlobalPropagator(propagator)
  trace.setGlobalTracerProvider({ getTracer: () => tracer })
}
