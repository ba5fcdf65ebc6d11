import type { Link, LinkEvents, OpenLink } from '../../../web/src/realtime/link.ts'
import type { TransportKind } from '../../../web/src/realtime/types.ts'

/** A link that does nothing by itself: the test is the server. */
export interface FakeLink {
  readonly transport: TransportKind
  readonly events: LinkEvents
  /** Topics that it is subscribed to, with the position asked from as `epoch:offset`. */
  readonly topics: Map<string, string | undefined>
  readonly calls: { method: string; data: unknown }[]
  readonly pauses: number[]
  hurried: number
  closed: boolean
  /** What the next calls answer. */
  answer: unknown
}

function linkOf(fake: FakeLink): Link {
  return {
    transport: fake.transport,
    subscribe: (topic, since) => void fake.topics.set(topic, since && `${since.epoch}:${since.offset}`),
    unsubscribe: (topic) => void fake.topics.delete(topic),
    async call(method, data) {
      fake.calls.push({ method, data })
      if (fake.answer === undefined) throw new Error('no answer')
      return fake.answer
    },
    pause: (ms) => void fake.pauses.push(ms),
    hurry() {
      fake.hurried += 1
    },
    close() {
      fake.closed = true
    },
  }
}

/** Opens such links and keeps them, oldest first. */
export function createFakeLinks(): {
  readonly open: OpenLink
  readonly links: FakeLink[]
  readonly last: () => FakeLink
} {
  const links: FakeLink[] = []
  return {
    links,
    open(transport, events) {
      const fake: FakeLink = {
        transport,
        events,
        topics: new Map(),
        calls: [],
        pauses: [],
        hurried: 0,
        closed: false,
        answer: undefined,
      }
      links.push(fake)
      return linkOf(fake)
    },
    last() {
      const link = links.at(-1)
      if (link === undefined) throw new Error('no link was opened')
      return link
    },
  }
}
