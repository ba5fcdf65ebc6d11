import { randomBytes } from 'node:crypto'

import { closes, errors } from './codes.ts'
import { commands } from './commands/index.ts'
import { end, leave, recheck, refuse, type Connection, type Shared } from './connection.ts'
import { heard } from './heartbeat.ts'
import { infoOf } from './info.ts'
import { sampledNow, traceCommand } from './trace-command.ts'
import { parseCommands, type Command } from './protocol/parse.ts'
import { posts } from './message.ts'
import type { ConnectionInfo, Principal, Transport } from './types.ts'

/** One client's connection, whatever the transport. */
export interface Session {
  /** Public id of the client, in the connect reply and in the list of connections. */
  readonly id: string
  /** Secret id that commands sent by POST carry (`session` of the connect reply). */
  readonly emulationId: string
  /** Text that arrived: one or more commands separated by newlines. Never throws. */
  receive(text: string): void
  /** The transport is gone. May be called again, and after `close`. */
  closed(): void
  /** Ends it with a code of the protocol, after what is queued on the control lane has left. */
  close(code: number, reason: string): void
  /** Rights may have changed: subscriptions without them are ended. */
  recheck(): void
  info(): ConnectionInfo
}

const newId = (): string => randomBytes(16).toString('base64url')

/** A connection in the books, not yet admitted. */
export function createConnection(
  shared: Shared,
  transport: Transport,
  principal: Principal,
  form: 'push' | 'plain',
): Connection {
  const connection: Connection = {
    shared,
    id: newId(),
    emulationId: newId(),
    handshake: sampledNow(),
    transport,
    outbox: shared.post.open(transport, form, (why, err) => {
      if (err !== undefined) shared.logger.error({ err, transport: transport.kind }, 'a transport failed')
      end(connection, why)
    }),
    since: shared.clock.now(),
    principal,
    allowance: undefined,
    state: 'opened',
    subscriptions: new Map(),
    beat: undefined,
    expiry: undefined,
    pingInterval: shared.settings.pingInterval,
    seen: shared.clock.monotonic(),
    pinged: 0,
    vitalAtPing: 0,
    vitalHeard: 0,
    rtt: undefined,
    lag: undefined,
    errors: { n: 0, since: 0 },
  }
  shared.connections.set(connection.id, connection)
  admit(connection)
  shared.rounds.wake()
  return connection
}

function admit(connection: Connection): void {
  const { shared, principal, transport } = connection
  if (shared.shut !== undefined) return end(connection, shared.shut)
  const allowance = shared.admission.admit(principal, transport)
  if ('code' in allowance) end(connection, allowance)
  else connection.allowance = allowance
}

function execute(connection: Connection, command: Command): void {
  const { shared, state } = connection
  if (command.name === 'pong') return undefined
  if (command.name === 'broken') return end(connection, closes.badRequest)
  // Until it has said who it is, a client is owed no answer.
  if (state === 'opened' && command.name !== 'connect') return end(connection, closes.badRequest)
  const verdict = connection.allowance?.command() ?? 'close'
  if (verdict === 'close') return end(connection, closes.tooManyRequests)
  if (verdict === 'busy') return shared.post.control(connection.outbox, busy(command.id))
  if (command.name === 'refused') return refuse(connection, command.id, errors.badRequest)
  try {
    traceCommand(connection, command, () => commands[command.name](connection, command.id, command.params))
  } catch (err) {
    shared.logger.error({ err, command: command.name }, 'a command of a client failed')
    refuse(connection, command.id, errors.internal)
  }
}

const busy = (id: number): string => JSON.stringify({ id, error: errors.tooManyRequests })

/** All commands of a frame, then all answers in one write. */
function receive(connection: Connection, text: string): void {
  const { settings, post } = connection.shared
  if (connection.state === 'closed') return
  const frame = text.length > settings.commandBytes ? undefined : parseCommands(text, settings.commandsPerFrame)
  if (frame === undefined) return end(connection, closes.badRequest)
  heard(connection, frame[0]?.name === 'pong')
  for (const command of frame) {
    // A command may end the connection; what follows it is nothing.
    if ((connection.state as string) === 'closed') return
    execute(connection, command)
  }
  post.flush(connection.outbox)
}

/** What a transport holds of a connection. */
export function sessionOf(connection: Connection, onText: (text: string) => void): Session {
  const { id, emulationId } = connection
  return {
    id,
    emulationId,
    receive: onText,
    closed: () => leave(connection, 0),
    close: (code, reason) => end(connection, { code, reason }),
    recheck: () => recheck(connection),
    info: () => infoOf(connection),
  }
}

/** A session of the protocol: first of all it must send `connect`. */
export function createSession(shared: Shared, transport: Transport, principal: Principal): Session {
  const connection = createConnection(shared, transport, principal, 'push')
  const session = sessionOf(connection, (text) => receive(connection, text))
  if (connection.state === 'closed') return session
  const { connectTimeout } = shared.settings
  connection.beat = shared.wheel.schedule(connectTimeout, () => end(connection, closes.stale))
  if (posts(transport)) shared.emulated.set(connection.emulationId, { connection, session })
  return session
}
