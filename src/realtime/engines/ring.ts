import type { Resume } from '../engine.ts'
import type { Message } from '../message.ts'
import type { Position } from '../types.ts'
import { mostBytes, mostPublications, type TopicLog } from './log.ts'

export interface RingOptions {
  readonly count: number
  readonly bytes: number
  /** Whether the oldest message may go, at monotonic `now`. */
  readonly expired: (message: Message, now: number) => boolean
  readonly now: () => number
}

/** The newest messages of a topic, without a hole between them. */
export function createRing({ count, bytes: most, expired, now }: RingOptions): TopicLog {
  let messages: Message[] = []
  let start = 0
  let bytes = 0

  /** Forgets from the oldest end only, so that what is left has no hole. */
  function forget(): void {
    const time = now()
    for (let oldest = messages[start]; oldest !== undefined; oldest = messages[start]) {
      if (messages.length - start <= count && bytes <= most && !expired(oldest, time)) break
      bytes -= oldest.bytes
      start++
    }
    if (start < 256 || start * 2 < messages.length) return
    messages = messages.slice(start)
    start = 0
  }
  function after(position: Position, since: Position): readonly Message[] | undefined {
    if (since.epoch !== position.epoch || since.offset > position.offset) return undefined
    const wanted = position.offset - since.offset
    if (wanted > messages.length - start || wanted > mostPublications) return undefined
    const found = wanted === 0 ? [] : messages.slice(-wanted)
    return found.reduce((sum, message) => sum + message.bytes, 0) > mostBytes ? undefined : found
  }
  return {
    add(message) {
      messages.push(message)
      bytes += message.bytes
      forget()
    },
    resume(position, since): Resume {
      forget()
      const publications = since && after(position, since)
      return { position, recovered: publications !== undefined, publications: publications ?? [] }
    },
  }
}

/** Messages go when they are `age` ms old. */
export const olderThan =
  (age: number) =>
  (message: Message, now: number): boolean =>
    now - message.at > age

const mostStreams = 4096

/**
 * Messages go `kept` ms after their stream has ended: a stream is kept whole. One that never says that it has ended is
 * taken for it when nothing was said for `pause` ms.
 */
export function streamsEndedFor(
  kept: number,
  pause: number,
): { expired: RingOptions['expired']; spoken(message: Message): void } {
  /** When each may go, monotonic ms. */
  const until = new Map<string, number>()
  return {
    spoken({ key = '', at, last }) {
      until.set(key, at + (last ? kept : pause))
      if (until.size > mostStreams) for (const [stream, time] of until) if (time < at) until.delete(stream)
    },
    expired({ key = '' }, now) {
      const gone = now > (until.get(key) ?? -Infinity)
      if (gone) until.delete(key)
      return gone
    },
  }
}
