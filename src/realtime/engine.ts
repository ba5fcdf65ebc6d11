import type { Message } from './message.ts'
import type { Position, Topic } from './types.ts'

/** What a subscriber needs to go on from where it was. */
export interface Resume {
  /** Where the topic's log stands now. */
  readonly position: Position
  /** Whether `publications` are all that followed the position asked for. When false there are none of them. */
  readonly recovered: boolean
  /** Oldest first. For class state: one `snap` with every key, or nothing when the client has it all. */
  readonly publications: readonly Message[]
}

/** Whoever gets a topic's messages; called in the order of offsets, and must not throw. */
export type Listener = (message: Message) => void

/**
 * Where topics' logs live and who hands messages on. `history` and `subscribe` called in one turn of the event loop see
 * the same position: no message falls between them, none comes twice.
 */
export interface Engine {
  /** Opens the topic's log; nothing is accepted for it before this resolves. */
  declare(topic: Topic): Promise<void>
  /** Encodes once, appends, hands on. A durable topic hands on only what is stored. */
  publish(topic: string, value: unknown, key?: string, last?: boolean): void
  /** What followed `since`, whole or not at all; without `since` the position (and for class state the snapshot). */
  history(topic: string, since?: Position): Resume
  subscribe(topic: string, listener: Listener): () => void
  /** How many listen. */
  listeners(topic: string): number
  /** Resolves when what was published is stored, or after `ms`. */
  settled(ms: number): Promise<void>
}
