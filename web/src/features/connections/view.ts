import type { ConnectionInfo } from '../../../../src/realtime/types.ts'

type Counts = Readonly<Record<string, number>>

/** Sum of counts. */
export const sum = (counts: Counts): number => Object.values(counts).reduce((total, each) => total + each, 0)

const names: Readonly<Record<string, string>> = {
  websocket: 'WebSocket',
  sse: 'SSE',
  http_stream: 'HTTP stream',
  poll: 'polling',
  plain: 'plain socket',
}

/** A transport as people call it. */
export const transportName = (transport: string): string => names[transport] ?? transport

/** Counts in words, the largest first: `3 WebSocket, 1 SSE`. */
export const countsText = (counts: Counts, name: (key: string) => string = String): string =>
  Object.entries(counts)
    .toSorted(([left, a], [right, b]) => b - a || left.localeCompare(right))
    .map(([key, number]) => `${number} ${name(key)}`)
    .join(', ')

/** A close code in words. */
export const closeName = (code: string): string => (code === '0' ? 'by the client' : `with code ${code}`)

/** Worst lag by the clients' own reports, ms; undefined before the first report. */
export function worstLag(all: readonly ConnectionInfo[]): number | undefined {
  const lags = all.flatMap(({ lag }) => (lag === undefined ? [] : [lag.ms]))
  return lags.length === 0 ? undefined : Math.max(...lags)
}

/** `12 ms, 3 messages`; `–` before the first report. */
export const lagText = ({ lag }: Pick<ConnectionInfo, 'lag'>): string =>
  lag === undefined
    ? '–'
    : `${Math.round(lag.ms)}\u{a0}ms, ${lag.messages} ${lag.messages === 1 ? 'message' : 'messages'}`

/** The whole id is for the log; its beginning tells connections apart. */
export const shortId = (id: string): string => (id.length > 10 ? `${id.slice(0, 8)}…` : id)

/** What to say when the list is not all of them. */
export const partText = (listed: number, all: number): string =>
  all > listed ? ` The oldest ${listed} of ${all} are listed.` : ''
