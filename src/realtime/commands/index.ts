import { errors } from '../codes.ts'
import { refuse, type Connection } from '../connection.ts'
import type { CommandName } from '../protocol/fields.ts'
import type { Params } from '../protocol/parse.ts'
import { reply } from '../protocol/replies.ts'
import { connect, refresh } from './connect.ts'
import { history } from './history.ts'
import { presence, presenceStats } from './presence.ts'
import { rpc } from './rpc.ts'
import { refreshSubscription, stopSubscription, subscribe } from './subscribe.ts'

type Handler = (connection: Connection, id: number, params: Params) => void

/** What each command of the protocol does. */
export const commands: Readonly<Record<CommandName, Handler>> = {
  connect,
  refresh,
  subscribe,
  unsubscribe: stopSubscription,
  sub_refresh: refreshSubscription,
  rpc,
  presence,
  presence_stats: presenceStats,
  ping: (connection, id) => connection.shared.post.control(connection.outbox, reply(id, 'ping', {})),
  // Only Aura publishes.
  publish: (connection, id) => refuse(connection, id, errors.denied),
  history,
  send: (connection, id) => refuse(connection, id, errors.notAvailable),
}
