import type { Socket } from 'node:net'
import { openPeer, type PeerOptions, type Position } from './peer.ts'
import { stamp } from './stamp.ts'
import { createTally, type Seen } from './tally.ts'

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
}

// Full jitter between these, as the console's client does it.
const backoff = { least: 100, most: 30_000 }

export function createSubscribers(options: PeerOptions): Subscribers {
  const tally = createTally()
  const all: Subscriber[] = []
  let up = 0
  let whenAll: (() => void) | undefined

  function connect(subscriber: Subscriber): void {
    const { seen, position } = subscriber
    subscriber.socket = openPeer(
      { ...options, position },
      {
        message(bytes, start) {
          if (subscriber.position !== undefined) subscriber.position.offset++
          tally.frame(seen, bytes, start, stamp())
        },
        ready(reply) {
          if (reply !== undefined) {
            const offset = reply.publications?.at(-1)?.offset ?? reply.offset
            subscriber.position = { epoch: reply.epoch, offset }
            for (const { data } of reply.publications ?? []) tally.number(seen, data.v.n)
          }
          subscriber.up = true
          subscriber.tries = 0
          if (++up === all.length) whenAll?.()
        },
        closed() {
          if (subscriber.up) up--
          subscriber.up = false
          const most = Math.min(backoff.most, backoff.least * 2 ** subscriber.tries++)
          setTimeout(() => connect(subscriber), backoff.least + Math.random() * most)
        },
      },
    )
  }
  const settled = (): Promise<void> => new Promise((resolve) => void (whenAll = resolve))
  return {
    async open(count, pace) {
      for (let i = 0; i < count; i++) {
        all.push({ seen: { last: 0 }, position: undefined, socket: undefined, up: false, tries: 0 })
      }
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
