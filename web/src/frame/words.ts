import type { Connection, ConnectionState, TransportKind } from '../realtime/types.ts'

/** States in words for people. */
export const stateWords: Readonly<Record<ConnectionState, string>> = {
  offline: 'Offline',
  connecting: 'Connecting',
  live: 'Live',
  recovering: 'Reconnecting',
  stale: 'No new data',
  refused: 'Refused',
}

export const transportWords: Readonly<Record<TransportKind, string>> = {
  websocket: 'WebSocket',
  sse: 'event stream',
  poll: 'polling',
}

export type Quality = 'good' | 'fair' | 'poor'

/** Of the line, by its round trip: below 100 ms good, below 300 ms fair. */
export function quality({ state, rtt }: Connection): Quality | undefined {
  if (state !== 'live' || rtt === undefined) return undefined
  if (rtt < 100) return 'good'
  return rtt < 300 ? 'fair' : 'poor'
}

/** What a person can do about a connection that was refused, by close code. */
export function refusalAdvice(code: number | undefined): string {
  if (code === 3507 || code === 3500)
    return 'The server does not let this browser in. Sign in again, or ask who runs it.'
  if (code === 3504) return 'Too many connections are open. Close other tabs, then try again.'
  if (code === 4503) return 'The server is under maintenance. Try again later.'
  return 'The server ended the connection for good.'
}
