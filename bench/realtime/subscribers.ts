import type { Socket } from 'node:net'
import { openPeer, type PeerOptions, type Position, type SubscribeReply } from './peer.ts'
import { stamp } from './stamp.ts'
import { createTally, type Seen, type Tally } from './tally.ts'

/** Many subscribers in one process. Whoever is cut comes back with the backoff of the protocol's client. */
export interface Subscribers {
  /** Opens so many, `pace` a second, and waits until all are subscribed. */
  open(count: number, pace: number): Promise<void>
  reset(): void
  report(): Report
  /** Destroys every socket at once; resolves to ms until the last one is subscribed again. */
  cut(): Promise<number>
  /** Messages that somebody still lacks, if `newest` is the number of the last one. */
  missing(newest: number): number
}

export interface Report {
  /** µs of each delivery. */
  readonly samples: Float64Array
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
}

interface Subscriber {
  readonly seen: Seen
  position: Position | undefined
  socket: Socket | undefined
  up: boolean
  tries: number
  late: NodeJS.Timeout | undefined
}

// Full jitter between these, as the console's client does it.
const backoff = { least: 100, most: 30_000 }
// Without an answer by then the attempt is given up, as the console does: ms.
const connectTimeout = 4000

const delay = (tries: number): number =>
  backoff.least + Math.random() * Math.min(backoff.most, backoff.least * 2 ** tries)

const newSubscriber = (): Subscriber => ({
  seen: { last: 0 },
  position: undefined,
  socket: undefined,
  up: false,
  tries: 0,
  late: undefined,
})

/** Takes over the position, which each publication moves on. */
function resume(subscriber: Subscriber, tally: Tally, { epoch, offset, publications = [] }: SubscribeReply): void {
  subscriber.position = { epoch, offset: publications.at(-1)?.offset ?? offset }
  for (const { data } of publications) tally.number(subscriber.seen, data.v.n)
}

export function createSubscribers(options: PeerOptions): Subscribers {
  const tally = createTally()
  const all: Subscriber[] = []
  let up = 0
  let whenAll: (() => void) | undefined

  function connect(subscriber: Subscriber): void {
    const { seen, position } = subscriber
    subscriber.late = setTimeout(() => subscriber.socket?.destroy(), connectTimeout)
    subscriber.socket = openPeer(
      { ...options, position },
      {
        message(bytes, start) {
          if (subscriber.position !== undefined) subscriber.position.offset++
          tally.frame(seen, bytes, start, stamp())
        },
        ready(reply) {
          if (reply !== undefined) resume(subscriber, tally, reply)
          clearTimeout(subscriber.late)
          subscriber.up = true
          subscriber.tries = 0
          if (++up === all.length) whenAll?.()
        },
        closed() {
          clearTimeout(subscriber.late)
          if (subscriber.up) up--
          subscriber.up = false
          setTimeout(() => connect(subscriber), delay(subscriber.tries++))
        },
      },
    )
  }
  const settled = (): Promise<void> => new Promise((resolve) => void (whenAll = resolve))
  return {
    async open(count, pace) {
      for (let i = 0; i < count; i++) all.push(newSubscriber())
      const done = settled()
      for (const [i, subscriber] of all.entries()) setTimeout(() => connect(subscriber), (i / pace) * 1000)
      await done
    },
    reset: () => tally.reset(),
    report: () => {
      const { delivered, lost, duplicated } = tally
      return { samples: Float64Array.from(tally.samples), delivered, lost, duplicated }
    },
    async cut() {
      const began = performance.now()
      const done = settled()
      for (const { socket } of all) socket?.destroy()
      await done
      return performance.now() - began
    },
    missing: (newest) => all.reduce((sum, { seen }) => sum + newest - seen.last, 0),
  }
}
