import type { Message } from '../../message.ts'
import type { Position } from '../../types.ts'

/** Commands for Centrifugo, and what becomes of the topic when they were carried out, or not. */
export interface Outgoing {
  readonly commands: readonly string[]
  done(): void
  failed(): void
}

/** What one topic still has to tell Centrifugo. Monotonic ms throughout. */
export interface Mirror {
  readonly name: string
  /** Whether Centrifugo keeps a log of it, which is asked how far it goes before anything is sent. */
  readonly logged: boolean
  /** A message that was handed on. */
  add(message: Message): void
  /** Where Centrifugo's log ends, in our own positions; undefined when it is empty. */
  resume(last: Position | undefined): void
  /** Until there is something to send; undefined while there is nothing. */
  due(now: number): number | undefined
  /** A batch of what is to be sent. */
  take(now: number): Outgoing | undefined
  /** Messages that wait. */
  readonly queued: number
  /** Messages given up because too many waited. */
  readonly lost: number
}

/**
 * A publication as Centrifugo is told it. `tags` carry our own position: by it a client that sees a log again, after
 * Centrifugo has lost its own, knows what it had.
 */
export function publishLogged(channel: string, { offset, json }: Message, epoch: string): string {
  const head = { channel, tags: { epoch, offset: String(offset) }, idempotency_key: `${epoch}:${offset}` }
  return `{"publish":${JSON.stringify(head).slice(0, -1)},"data":${json}}}`
}

/** A publication that leaves no trace in Centrifugo's history. */
export const publishPassing = (channel: string, { json }: Message): string =>
  `{"publish":{"channel":${JSON.stringify(channel)},"skip_history":true,"data":${json}}}`

/** Asks for the last publication of a channel. */
export const askLast = (channel: string): string =>
  `{"history":{"channel":${JSON.stringify(channel)},"limit":1,"reverse":true}}`
