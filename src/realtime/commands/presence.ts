import { errors } from '../codes.ts'
import { refuse, type Connection } from '../connection.ts'
import type { Params } from '../protocol/parse.ts'
import { reply } from '../protocol/replies.ts'

/** Who may see who else is connected. */
const capability = 'connections:read'

/** Everyone on a channel, or undefined when this client may not know; then it has been answered. */
function present(connection: Connection, id: number, channel: string): Connection[] | undefined {
  const { shared, principal } = connection
  if (shared.hub.topic(channel) !== undefined && principal.may(capability)) {
    return [...shared.connections.values()].filter(({ subscriptions }) => subscriptions.has(channel))
  }
  refuse(connection, id, shared.hub.topic(channel) === undefined ? errors.unknownChannel : errors.denied)
  return undefined
}

export function presence(connection: Connection, id: number, { channel = '' }: Params): void {
  const found = present(connection, id, channel)
  if (found === undefined) return
  const entries = found.map(({ id: client, principal }) => [client, { client, user: principal.id }] as const)
  const { post } = connection.shared
  post.control(connection.outbox, reply(id, 'presence', { presence: Object.fromEntries(entries) }))
}

export function presenceStats(connection: Connection, id: number, { channel = '' }: Params): void {
  const found = present(connection, id, channel)
  if (found === undefined) return
  const users = new Set(found.map(({ principal }) => principal.id))
  const { post } = connection.shared
  const result = { num_clients: found.length, num_users: users.size }
  post.control(connection.outbox, reply(id, 'presence_stats', result))
}
