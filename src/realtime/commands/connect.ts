import { closes, errors } from '../codes.ts'
import { end, refuse, type Connection } from '../connection.ts'
import { startBeating } from '../heartbeat.ts'
import { posts } from '../message.ts'
import { reply } from '../protocol/replies.ts'
import type { Params } from '../protocol/parse.ts'

/** Fields that tell a client when to come back with a fresh token. */
export const expiry = (ttl: number): object => (ttl > 0 ? { expires: true, ttl: Math.ceil(ttl / 1000) } : {})

/** (Re)starts the life of a connection. */
export function extend(connection: Connection): void {
  const { shared } = connection
  const { ttl, expiryGrace } = shared.settings
  shared.wheel.cancel(connection.expiry)
  connection.expiry =
    ttl > 0 ? shared.wheel.schedule(ttl + expiryGrace, () => end(connection, closes.expired)) : undefined
}

/** Takes over the principal that a token stands for; otherwise answers and returns false. */
export function verify(connection: Connection, id: number, token: string | undefined): boolean {
  const principal = connection.shared.credentials.verify(token, connection.principal)
  if (principal === 'expired') refuse(connection, id, errors.tokenExpired)
  else if (principal === 'missing') refuse(connection, id, errors.unauthorized)
  else if (principal === undefined) end(connection, closes.invalidToken)
  else connection.principal = principal
  return typeof principal === 'object'
}

export function connect(connection: Connection, id: number, { token }: Params): void {
  const { shared, transport } = connection
  if (connection.state === 'connected') return end(connection, closes.badRequest)
  if (!verify(connection, id, token)) return
  connection.state = 'connected'
  const { settings, connections, clock } = shared
  connection.pingInterval = connections.size > settings.crowd ? settings.crowdedPingInterval : settings.pingInterval
  shared.post.control(
    connection.outbox,
    reply(id, 'connect', {
      client: connection.id,
      version: shared.version,
      ...expiry(settings.ttl),
      ping: Math.ceil(connection.pingInterval / 1000),
      pong: true,
      ...(posts(transport) && { session: connection.emulationId }),
      data: { serverTime: clock.now(), contract: shared.contract, principal: { name: connection.principal.name } },
    }),
  )
  startBeating(connection)
  extend(connection)
}

export function refresh(connection: Connection, id: number, { token }: Params): void {
  if (!verify(connection, id, token)) return
  extend(connection)
  const { shared, outbox } = connection
  const result = { client: connection.id, version: shared.version, ...expiry(shared.settings.ttl) }
  shared.post.control(outbox, reply(id, 'refresh', result))
}
