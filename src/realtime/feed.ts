import { closes } from './codes.ts'
import { attach } from './commands/subscribe.ts'
import { end, type Connection, type Shared } from './connection.ts'
import { endSilent, heard, pause } from './heartbeat.ts'
import type { PingingTransport } from './message.ts'
import { createConnection, sessionOf, type Session } from './session.ts'
import type { Principal, Transport } from './types.ts'

const pings = (transport: Transport): transport is PingingTransport => 'ping' in transport

function join(connection: Connection, name: string): void {
  const { shared, outbox, principal } = connection
  const topic = shared.hub.topic(name)
  if (topic === undefined) return end(connection, closes.badRequest)
  if (!principal.may(topic.capability)) return end(connection, closes.denied)
  connection.state = 'connected'
  const subscription = attach(connection, topic)
  const { position, publications } = shared.hub.history(name)
  subscription.top = position.offset
  for (const message of publications) shared.post.deliver(outbox, message)
  beat(connection)
}

/** The transport's own pings: a plain client knows none of ours. */
function beat(connection: Connection): void {
  const { shared, transport, outbox } = connection
  if (!pings(transport)) return
  const interval = Math.max(0, pause(connection) - shared.settings.pongTimeout)
  connection.vitalAtPing = outbox.vital
  connection.beat = shared.wheel.schedule(interval, () => {
    connection.pinged = shared.clock.monotonic()
    transport.ping()
    connection.beat = shared.wheel.schedule(shared.settings.pongTimeout, () => {
      if (connection.seen < connection.pinged) endSilent(connection)
      else beat(connection)
    })
  })
}

/** One topic as plain JSON without a handshake. Whatever arrives is a sign of life and nothing else. */
export function createFeed(shared: Shared, transport: Transport, principal: Principal, topic: string): Session {
  const connection = createConnection(shared, transport, principal, 'plain')
  if (connection.state === 'opened') join(connection, topic)
  return sessionOf(connection, () => heard(connection, true))
}
