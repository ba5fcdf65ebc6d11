import { closes } from './codes.ts'
import { end, type Connection } from './connection.ts'
import { pingText } from './protocol/replies.ts'

/** The server pings, because a browser's timers sleep in hidden tabs. Anything received counts as the answer. */
export function startBeating(connection: Connection): void {
  const { shared, pingInterval } = connection
  shared.wheel.cancel(connection.beat)
  // Connections that came together must not be pinged together for ever.
  connection.beat = shared.wheel.schedule(Math.random() * pingInterval, () => ping(connection))
}

function ping(connection: Connection): void {
  const { shared, outbox } = connection
  connection.pinged = shared.clock.monotonic()
  shared.post.control(outbox, pingText)
  connection.beat = shared.wheel.schedule(shared.settings.pongTimeout, () => judge(connection))
  shared.post.flush(outbox)
}

function judge(connection: Connection): void {
  const { shared, pinged, seen, pingInterval } = connection
  if (seen < pinged) return end(connection, closes.noPong)
  const rest = Math.max(0, pingInterval - shared.settings.pongTimeout)
  connection.beat = shared.wheel.schedule(rest, () => ping(connection))
}

/** Something arrived. */
export function heard(connection: Connection, pong: boolean): void {
  const now = connection.shared.clock.monotonic()
  if (pong && connection.seen < connection.pinged) connection.rtt = now - connection.pinged
  connection.seen = now
}
