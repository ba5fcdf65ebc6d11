import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api'

/** What undici tells of a request of `fetch`. */
interface FetchRequest {
  readonly origin: string | URL
  readonly path: string
  readonly method: string
  addHeader(name: string, value: string): unknown
}

type Told = (message: unknown, name: string | symbol) => void

/** Where it goes, without user, password and query: those may hold secrets. */
function describe(method: string, text: string): Attributes {
  if (!URL.canParse(text)) return { 'http.request.method': method }
  const { protocol, hostname, port, origin, pathname } = new URL(text)
  return {
    'http.request.method': method,
    'url.full': origin + pathname,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  }
}

function answered(span: Span | undefined, status: number | undefined): void {
  if (span === undefined) return
  if (status !== undefined) span.setAttribute('http.response.status_code', status)
  if (status !== undefined && status >= 400) {
    span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

/** The message stays out: it may repeat what was sent. */
function failed(span: Span | undefined, error: unknown): void {
  const code = error instanceof Error ? ('code' in error && String(error.code)) || error.name : 'unknown'
  span?.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR }).end()
}

/** A span for a request that is part of something traced; `write` adds a header to it. */
function begin(method: string, url: string, write: (name: string, value: string) => void): Span | undefined {
  if (trace.getActiveSpan() === undefined) return undefined
  const span = trace.getTracer('aura').startSpan(method, { kind: SpanKind.CLIENT, attributes: describe(method, url) })
  const carried: Record<string, string> = {}
  propagation.inject(trace.setSpan(context.active(), span), carried)
  for (const [name, value] of Object.entries(carried)) write(name, value)
  return span
}

function ofHttp(): Readonly<Record<string, Told>> {
  const spans = new WeakMap<ClientRequest, Span>()
  return {
    'http.client.request.created'(message) {
      const { request } = message as { request: ClientRequest }
      if (request.headersSent) return
      const url = `${request.protocol}//${String(request.getHeader('host') ?? request.host)}${request.path}`
      const span = begin(request.method, url, (name, value) => request.setHeader(name, value))
      if (span === undefined) return
      spans.set(request, span)
      // Given up without an answer: neither of the two below comes.
      request.once('close', () => span.isRecording() && span.end())
    },
    'http.client.response.finish'(message) {
      const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
      answered(spans.get(request), response.statusCode)
    },
    'http.client.request.error'(message) {
      const { request, error } = message as { request: ClientRequest; error: unknown }
      failed(spans.get(request), error)
    },
  }
}

function ofFetch(): Readonly<Record<string, Told>> {
  const spans = new WeakMap<FetchRequest, Span>()
  return {
    'undici:request:create'(message) {
      const { request } = message as { request: FetchRequest }
      const url = String(request.origin).replace(/\/$/, '') + request.path
      const span = begin(request.method, url, (name, value) => void request.addHeader(name, value))
      if (span !== undefined) spans.set(request, span)
    },
    'undici:request:headers'(message) {
      const { request, response } = message as { request: FetchRequest; response: { statusCode: number } }
      answered(spans.get(request), response.statusCode)
    },
    'undici:request:error'(message) {
      const { request, error } = message as { request: FetchRequest; error: unknown }
      const span = spans.get(request)
      if (span?.isRecording()) failed(span, error)
    },
  }
}

/**
 * Traces every request that Node's HTTP client or `fetch` makes on behalf of something traced, and passes the trace on
 * with it. Node tells of them itself, so no client knows of this. Returns what ends it.
 */
export function traceOutgoing(): () => void {
  const all = Object.entries({ ...ofHttp(), ...ofFetch() })
  for (const [name, told] of all) subscribe(name, told)
  return () => {
    for (const [name, told] of all) unsubscribe(name, told)
  }
}
