import type { Position } from '../../../src/realtime/types.ts'
import { createTopicLog, isPayload, type TopicLog, type TopicState } from './topic-log.ts'

/** What the topics tell those above them. */
export interface TopicsEvents {
  /** A payload that is new, and has been applied. */
  payload(topic: string, payload: unknown): void
  /** The state as a whole has changed otherwise. */
  changed(topic: string): void
}

/** All topics that were ever followed, and when each was last heard of. */
export interface Topics {
  state(topic: string): TopicState
  position(topic: string): Position | undefined
  subscribed(topic: string, position: Position | undefined, data: unknown, now: number): void
  message(topic: string, payload: unknown, offset: number | undefined, now: number): void
  turnedAway(topic: string, code: number): void
  /** Gives a topic time to speak from `now` on. */
  expect(topic: string, now: number): void
  /** ms since anything came; 0 if nothing was expected. */
  silence(topic: string, now: number): number
  /** Newest offset of each topic, for the server to see how far behind we are. */
  offsets(): Record<string, number>
}

export function createTopics(events: TopicsEvents): Topics {
  const logs = new Map<string, TopicLog>()
  const heard = new Map<string, number>()
  const log = (topic: string): TopicLog => {
    const found = logs.get(topic) ?? createTopicLog()
    logs.set(topic, found)
    return found
  }
  const message: Topics['message'] = (topic, payload, offset, now) => {
    heard.set(topic, now)
    if (log(topic).accept(payload, offset)) events.payload(topic, payload)
  }
  return {
    state: (topic) => log(topic).state(),
    position: (topic) => log(topic).position(),
    message,
    subscribed(topic, position, data, now) {
      heard.set(topic, now)
      const before = log(topic).state().problem
      log(topic).subscribed(position)
      if (before !== undefined) events.changed(topic)
      if (isPayload(data)) message(topic, data, position?.offset, now)
    },
    turnedAway(topic, code) {
      log(topic).turnAway(code)
      events.changed(topic)
    },
    expect: (topic, now) => heard.set(topic, now),
    silence: (topic, now) => now - (heard.get(topic) ?? now),
    offsets: () =>
      Object.fromEntries(
        [...logs].flatMap(([topic, each]) => {
          const position = each.position()
          return position === undefined ? [] : [[topic, position.offset]]
        }),
      ),
  }
}
