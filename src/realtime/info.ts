import type { Connection } from './connection.ts'
import type { ConnectionInfo } from './types.ts'

const round = (ms: number): number => Math.round(ms * 10) / 10

/** What an administrator sees of a connection. */
export function infoOf(connection: Connection): ConnectionInfo {
  const { shared, outbox, transport, rtt, lag } = connection
  const { post, clock } = shared
  return {
    id: connection.id,
    principal: connection.principal.id,
    transport: transport.kind,
    peer: transport.peer,
    since: connection.since,
    ...(rtt !== undefined && { rtt: round(rtt) }),
    ...(lag !== undefined && { lag: { ms: Math.round(lag.ms), messages: lag.messages } }),
    queue: { bytes: post.bytes(outbox), depth: post.depth(outbox) },
    sent: outbox.sent,
    skipped: outbox.skipped,
    subscriptions: [...connection.subscriptions.keys()],
    lastPong: Math.round(clock.now() - (clock.monotonic() - connection.seen)),
  }
}
