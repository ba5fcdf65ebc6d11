import type { ConnectionInfo } from './bridge.ts'

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
