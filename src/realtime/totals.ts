import type { Clock } from './clock.ts'
import type { Message } from './message.ts'
import type { TopicClass } from './types.ts'

/** Running totals of the bridge: plain numbers, read by the instruments when somebody asks. */
export interface Totals {
  published: Record<TopicClass, number>
  delivered: Record<TopicClass, number>
  skipped: number
  /** Closed by us, by code; 0: the client or its network went away. */
  readonly closes: Map<number, number>
  /** `clock` is asked for the time only when this one is timed. */
  deliver(message: Message, clock: Pick<Clock, 'monotonic'>): void
  closed(code: number): void
}

const zeros = (): Record<TopicClass, number> => ({ alert: 0, stream: 0, event: 0, state: 0 })

// Every delivery is counted, one in so many is timed: recording costs as much as a tenth of a delivery.
const timed = 16

/** `latency` gets ms from publish to the transport, sampled. */
export function createTotals(latency: (kind: TopicClass, ms: number) => void = () => undefined): Totals {
  let turn = 0
  const closes = new Map<number, number>()
  const delivered = zeros()
  return {
    published: zeros(),
    delivered,
    skipped: 0,
    closes,
    deliver(message, clock) {
      delivered[message.class]++
      if (turn++ % timed === 0) latency(message.class, clock.monotonic() - message.at)
    },
    closed: (code) => void closes.set(code, (closes.get(code) ?? 0) + 1),
  }
}
