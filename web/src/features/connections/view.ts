import type { ConnectionInfo } from './types.ts'

/** Sums over all connections. */
export interface Totals {
  readonly connections: number
  readonly principals: number
  readonly byTransport: readonly (readonly [string, number])[]
  readonly sent: number
  readonly skipped: number
  /** Bytes waiting. */
  readonly queued: number
  /** Worst lag by the clients' own reports, ms; undefined before the first report. */
  readonly worstLag: number | undefined
}

export function totals(all: readonly ConnectionInfo[]): Totals {
  const byTransport = new Map<string, number>()
  for (const { transport } of all) byTransport.set(transport, (byTransport.get(transport) ?? 0) + 1)
  const lags = all.flatMap(({ lag }) => (lag === undefined ? [] : [lag.ms]))
  return {
    connections: all.length,
    principals: new Set(all.map(({ principal }) => principal)).size,
    byTransport: [...byTransport].toSorted(([left], [right]) => left.localeCompare(right)),
    sent: all.reduce((sum, { sent }) => sum + sent, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
    queued: all.reduce((sum, { queue }) => sum + queue.bytes, 0),
    worstLag: lags.length === 0 ? undefined : Math.max(...lags),
  }
}

const names: Readonly<Record<string, string>> = {
  websocket: 'WebSocket',
  sse: 'SSE',
  http_stream: 'HTTP stream',
  poll: 'polling',
  plain: 'plain socket',
}

/** A transport as people call it. */
export const transportName = (transport: string): string => names[transport] ?? transport

/** `12 ms, 3 messages`; `–` before the first report. */
export const lagText = ({ lag }: Pick<ConnectionInfo, 'lag'>): string =>
  lag === undefined
    ? '–'
    : `${Math.round(lag.ms)}\u{a0}ms, ${lag.messages} ${lag.messages === 1 ? 'message' : 'messages'}`

/** The whole id is for the log; its beginning tells connections apart. */
export const shortId = (id: string): string => (id.length > 10 ? `${id.slice(0, 8)}…` : id)
