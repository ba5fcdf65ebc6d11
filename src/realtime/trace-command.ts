import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type SpanContext,
} from '@opentelemetry/api'
import type { Connection } from './connection.ts'
import type { CommandName } from './protocol/fields.ts'
import type { Params } from './protocol/parse.ts'

/** The span that is active now, if it leaves. */
export function sampledNow(): SpanContext | undefined {
  const span = trace.getActiveSpan()?.spanContext()
  return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span : undefined
}

interface Traced {
  readonly name: CommandName
  readonly params: Params
}

/** Heartbeats: one every few seconds of every client, and nothing to learn from any. */
const isBeat = ({ name, params }: Traced): boolean => name === 'ping' || (name === 'rpc' && params.method === 'rt')

const methods: ReadonlySet<string> = new Set(['resync'])

/** Command and topic, of which there are few; whatever else a client sends is not repeated. */
function describe({ shared, transport }: Connection, { name, params }: Traced) {
  const topic = shared.hub.topic(params.channel ?? '')?.name
  const method = methods.has(params.method ?? '') ? params.method : undefined
  const object = topic ?? method
  return {
    title: object === undefined ? name : `${name} ${object}`,
    attributes: {
      'aura.command': name,
      'aura.transport': transport.kind,
      ...(topic !== undefined && { 'aura.topic': topic }),
      ...(method !== undefined && { 'aura.method': method }),
    },
  }
}

/**
 * Runs a command of a client in a span of its own, if the request that opened its connection is traced. It is part of
 * the request that brought it, where it came by one; on a socket it is a trace of its own that refers to the handshake:
 * a trace as long as the connection would be no use to anyone.
 */
export function traceCommand(connection: Connection, command: Traced, run: () => void): void {
  const { handshake } = connection
  if (handshake === undefined || isBeat(command)) return run()
  const above = trace.getActiveSpan()?.isRecording() ? context.active() : ROOT_CONTEXT
  const { title, attributes } = describe(connection, command)
  const links = [{ context: handshake }]
  const span = trace.getTracer('aura').startSpan(title, { kind: SpanKind.SERVER, attributes, links }, above)
  const { errors } = connection
  const before = errors.n
  try {
    context.with(trace.setSpan(above, span), run)
  } finally {
    const refused = connection.state === 'closed' || connection.errors !== errors || errors.n !== before
    if (refused) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
}
