import type { Resume } from '../engine.ts'
import type { Message } from '../message.ts'
import type { Position } from '../types.ts'

/** The memory of one topic. */
export interface TopicLog {
  add(message: Message, value: unknown): void
  /** What followed `since`, whole or not at all. */
  resume(position: Position, since: Position | undefined): Resume
}

/**
 * How much one resume may bring; beyond it the client is told that it cannot be done. As many as alerts and events keep:
 * what is still there is not refused.
 */
export const mostPublications = 1000
export const mostBytes = 512 * 1024
