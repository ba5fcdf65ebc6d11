import { closes } from './codes.ts'
import { end, type Connection } from './connection.ts'
import { urgent } from './lanes.ts'
import { pingText } from './protocol/replies.ts'

/** The server pings, because a browser's timers sleep in hidden tabs. Anything received counts as the answer. */
export function startBeating(connection: Connection): void {
  const { shared, pingInterval } = connection
  const { probeInterval } = shared.settings
  shared.wheel.cancel(connection.beat)
  // Connections that came together must not be pinged together for ever.
  connection.beat = shared.wheel.schedule(Math.random() * Math.min(pingInterval, probeInterval), () => ping(connection))
}

/** Until the next ping: sooner where it matters that nobody reads. */
export function pause({ shared, outbox, pingInterval, vitalAtPing }: Connection): number {
  const { settings } = shared
  const probed = outbox.vital > vitalAtPing && pingInterval === settings.pingInterval
  return probed ? Math.min(pingInterval, settings.probeInterval) : pingInterval
}

/** A ping has left and nothing has come since. Whoever was sent what may not be dropped is slow, or else gone. */
export function endSilent(connection: Connection): void {
  const { outbox, vitalHeard } = connection
  end(connection, outbox.vital > vitalHeard || urgent(outbox.lanes) > 0 ? closes.slow : closes.noPong)
}

function ping(connection: Connection): void {
  const { shared, outbox } = connection
  connection.pinged = shared.clock.monotonic()
  shared.post.control(outbox, pingText)
  connection.beat = shared.wheel.schedule(shared.settings.pongTimeout, () => judge(connection))
  shared.post.flush(outbox)
}

function judge(connection: Connection): void {
  const { shared, pinged, seen, outbox } = connection
  if (seen < pinged) return endSilent(connection)
  const rest = Math.max(0, pause(connection) - shared.settings.pongTimeout)
  connection.vitalAtPing = outbox.vital
  connection.beat = shared.wheel.schedule(rest, () => ping(connection))
}

/** Something arrived. */
export function heard(connection: Connection, pong: boolean): void {
  const now = connection.shared.clock.monotonic()
  if (pong && connection.seen < connection.pinged) connection.rtt = now - connection.pinged
  connection.seen = now
  connection.vitalHeard = connection.outbox.vital
}
