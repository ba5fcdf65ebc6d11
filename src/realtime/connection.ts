import type { SpanContext } from '@opentelemetry/api'
import type { Logger } from '../lib/logger.ts'
import type { Admission, Allowance, Close } from './admission.ts'
import type { Clock } from './clock.ts'
import { closes, type ErrorReply, forPlain, unsubscribes } from './codes.ts'
import type { Credentials } from './credentials.ts'
import type { Hub } from './hub.ts'
import type { Lag, Marks } from './lag.ts'
import type { Outbox, Post } from './outbox.ts'
import { errorReply, unsubscribePush } from './protocol/replies.ts'
import type { Rounds } from './rounds.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import type { Totals } from './totals.ts'
import type { Principal, Topic, Transport } from './types.ts'
import type { Timer, Wheel } from './wheel.ts'

/** What all connections share. */
export interface Shared {
  readonly hub: Hub
  readonly post: Post
  readonly wheel: Wheel
  readonly clock: Clock
  readonly settings: Settings
  readonly totals: Totals
  readonly admission: Admission
  readonly rounds: Rounds
  /** Why nobody is let in at present. */
  shut: Close | undefined
  readonly credentials: Credentials
  readonly logger: Pick<Logger, 'error'>
  /** Sent in the connect reply. */
  readonly contract: number
  readonly version: string
  /** Everyone connected, by id. */
  readonly connections: Map<string, Connection>
  /** Those whose commands come by POST, by emulation id. */
  readonly emulated: Map<string, Emulated>
}

export interface Emulated {
  readonly connection: Connection
  readonly session: Session
}

export interface Subscription {
  readonly topic: Topic
  readonly stop: () => void
  expiry: Timer | undefined
  /** Newest offset on its way to the client. */
  top: number
  /** When which offset was sent; kept only for clients that report where they are. */
  marks: Marks | undefined
}

/** One client. Plain data: what happens to it is in the functions beside it. */
export interface Connection {
  readonly shared: Shared
  readonly id: string
  readonly emulationId: string
  /** Span of the request that opened it, where that is traced: commands refer to it. */
  readonly handshake: SpanContext | undefined
  readonly transport: Transport
  readonly outbox: Outbox
  readonly since: number
  principal: Principal
  allowance: Allowance | undefined
  state: 'opened' | 'connected' | 'closed'
  readonly subscriptions: Map<string, Subscription>
  /** Waits for connect, then for the next ping or pong. */
  beat: Timer | undefined
  expiry: Timer | undefined
  pingInterval: number
  /** Monotonic ms. */
  seen: number
  pinged: number
  /** Of `outbox.vital`: at the last ping, and when something was last heard. */
  vitalAtPing: number
  vitalHeard: number
  rtt: number | undefined
  lag: Lag | undefined
  errors: { n: number; since: number }
}

/** Ends one subscription; with a code the client is told. */
export function unsubscribe(connection: Connection, channel: string, told?: Close): void {
  const { shared, subscriptions, outbox } = connection
  const subscription = subscriptions.get(channel)
  if (subscription === undefined) return
  subscriptions.delete(channel)
  subscription.stop()
  shared.wheel.cancel(subscription.expiry)
  shared.post.forget(outbox, channel)
  if (told !== undefined) shared.post.control(outbox, unsubscribePush(channel, told))
}

/** Takes a connection out of all books. What happens after is nothing. */
export function leave(connection: Connection, code: number): void {
  if (connection.state === 'closed') return
  connection.state = 'closed'
  const { shared, subscriptions, outbox } = connection
  for (const channel of subscriptions.keys()) unsubscribe(connection, channel)
  shared.wheel.cancel(connection.beat)
  shared.wheel.cancel(connection.expiry)
  shared.post.close(outbox)
  shared.connections.delete(connection.id)
  shared.emulated.delete(connection.emulationId)
  shared.totals.closed(code)
  connection.allowance?.release()
}

/** Ends a connection with a code; what waits on its control lane leaves before. */
export function end(connection: Connection, why: Close): void {
  if (connection.state === 'closed') return
  const { code, reason } = connection.outbox.form === 'plain' ? forPlain(why) : why
  connection.shared.post.flush(connection.outbox)
  leave(connection, code)
  connection.transport.close(code, reason)
}

/** Answers a command with an error, and ends the connection of a client that makes nothing else. */
export function refuse(connection: Connection, id: number, error: ErrorReply): void {
  const { shared, outbox, errors } = connection
  shared.post.control(outbox, errorReply(id, error))
  const now = shared.clock.monotonic()
  if (now - errors.since > shared.settings.errorWindow) connection.errors = { n: 1, since: now }
  else if (++errors.n > shared.settings.errors) end(connection, closes.tooManyErrors)
}

/** Ends what the principal may no longer have. */
export function recheck(connection: Connection): void {
  if (connection.state === 'closed') return
  const { shared, subscriptions } = connection
  const principal = shared.credentials.current(connection.principal)
  if (principal === undefined) return end(connection, closes.invalidToken)
  if (principal === 'expired') return end(connection, closes.refreshToken)
  connection.principal = principal
  for (const [channel, { topic }] of subscriptions) {
    if (principal.may(topic.capability)) continue
    // Without the protocol there is no word for it but the end.
    if (connection.outbox.form === 'plain') return end(connection, closes.denied)
    unsubscribe(connection, channel, unsubscribes.rights)
  }
  shared.post.flush(connection.outbox)
}
