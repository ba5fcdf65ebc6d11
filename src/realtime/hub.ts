import type { Engine, Listener, Resume } from './engine.ts'
import type { Totals } from './totals.ts'
import type { Position, Publisher, Topic } from './types.ts'

export interface Hub extends Publisher {
  /** Makes a topic known; publishing to it and subscribing wait for this. */
  declare(topic: Topic): Promise<void>
  /** The declared topic of that name. */
  topic(name: string): Topic | undefined
  readonly topics: readonly Topic[]
  /** What followed `since`, whole or not at all: for resumes, polling, and plain sockets. */
  history(topic: string, since?: Position): Resume
  /** Everything from now on. With `history` in the same turn of the event loop nothing is missed or doubled. */
  subscribe(topic: string, listener: Listener): () => void
  settled(ms: number): Promise<void>
}

export interface HubOptions {
  readonly engine: Engine
  /** Counted here, so that every engine is. */
  readonly totals?: Pick<Totals, 'published'>
}

/** Topics and their publishing side. Rights are the session's affair; the log is the engine's. */
export function createHub({ engine, totals }: HubOptions): Hub {
  const topics = new Map<string, Topic>()
  const known = (name: string): Topic => {
    const topic = topics.get(name)
    if (topic === undefined) throw new Error(`no topic ${name} was declared`)
    return topic
  }
  return {
    async declare(topic) {
      if (topics.has(topic.name)) throw new Error(`topic ${topic.name} is declared twice`)
      await engine.declare(topic)
      topics.set(topic.name, topic)
    },
    topic: (name) => topics.get(name),
    get topics() {
      return [...topics.values()]
    },
    publish(name, value, key, last) {
      const topic = known(name)
      engine.publish(name, value, key, last)
      if (totals !== undefined) totals.published[topic.class]++
    },
    listeners: (name) => engine.listeners(name),
    history: (name, since) => engine.history(known(name).name, since),
    subscribe: (name, listener) => engine.subscribe(known(name).name, listener),
    settled: (ms) => engine.settled(ms),
  }
}
