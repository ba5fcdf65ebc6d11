import { Centrifuge } from 'centrifuge'
import type { RealtimeOptions } from '../../../src/plugins/realtime.ts'
import { emulation } from '../../../src/realtime/transports/emulation.ts'
import { httpStream } from '../../../src/realtime/transports/http-stream.ts'
import { plain } from '../../../src/realtime/transports/plain.ts'
import { poll } from '../../../src/realtime/transports/poll.ts'
import { sse } from '../../../src/realtime/transports/sse.ts'
import { websocket } from '../../../src/realtime/transports/websocket.ts'
import { startBridge } from '../../support/realtime.ts'

/** The bridge with every way in. */
export async function startAll(options: Partial<RealtimeOptions> & { port?: number } = {}) {
  const server = await startBridge({ transports: [websocket, sse, httpStream, emulation, poll, plain], ...options })
  return { ...server, http: `http://127.0.0.1:${server.port}` }
}

/** As much of a browser's EventSource as the client uses: events split by empty lines, no reconnect. */
function openEvents(url: string) {
  const abort = new AbortController()
  const source = {
    onopen: undefined as (() => void) | undefined,
    onerror: undefined as ((error: unknown) => void) | undefined,
    onmessage: undefined as ((event: { data: string }) => void) | undefined,
    close: () => abort.abort(),
  }
  const fail = (error: unknown): void => {
    if (!abort.signal.aborted) source.onerror?.(error)
  }
  async function read(): Promise<void> {
    const response = await fetch(url, { signal: abort.signal, headers: { accept: 'text/event-stream' } })
    if (!response.ok || response.body === null) throw new Error(String(response.status))
    source.onopen?.()
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) source.onmessage?.({ data: event.replace(/^\s*data: /, '') })
    }
    throw new Error('the stream ended')
  }
  read().catch(fail)
  return source
}

/** What a test can call with `new`, as the client does. */
export const eventSource = function eventSource(url: string) {
  return openEvents(url)
}

export const streams = ['sse', 'http_stream'] as const

/** The real client, on a transport without WebSocket. */
export function streamClient(http: string, transport: (typeof streams)[number]) {
  const centrifuge = new Centrifuge([{ transport, endpoint: `${http}/connection/${transport}` }], {
    emulationEndpoint: `${http}/emulation`,
    eventsource: eventSource,
    fetch,
    readableStream: ReadableStream,
    minReconnectDelay: 1,
    maxReconnectDelay: 20,
  })
  return Object.assign(centrifuge, { [Symbol.dispose]: () => centrifuge.disconnect() })
}

/** An emulated session by hand: what the stream said so far, line by line, and a way to send. */
export async function rawStream(http: string, connect: string = '{"id":1,"connect":{}}') {
  const abort = new AbortController()
  const response = await fetch(`${http}/connection/http_stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: connect,
    signal: abort.signal,
  })
  const lines: Record<string, unknown>[] = []
  let over = false
  async function read(): Promise<void> {
    let rest = ''
    for await (const text of (response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).pipeThrough(
      new TextDecoderStream(),
    )) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) lines.push(JSON.parse(part) as Record<string, unknown>)
    }
  }
  const reading = read()
    .catch(() => undefined)
    .finally(() => (over = true))
  const sessionOf = (): string => {
    const { session } = (lines[0]?.['connect'] ?? {}) as { session?: string }
    return session ?? ''
  }
  return {
    status: response.status,
    lines,
    reading,
    get over() {
      return over
    },
    get session() {
      return sessionOf()
    },
    post: (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') =>
      fetch(`${http}/emulation`, { method: 'POST', headers: { 'content-type': contentType }, body }),
    send: (data: string) =>
      fetch(`${http}/emulation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session: sessionOf(), data }),
      }),
    [Symbol.dispose]: () => abort.abort(),
  }
}
