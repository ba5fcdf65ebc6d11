import type { Socket } from 'node:net'
import { openPeer, type PeerOptions, type Position, type Published, type SubscribeReply } from './peer.ts'
import { stamp } from './stamp.ts'
import { createTally, type Seen, type Tally } from './tally.ts'

/** Many subscribers in one process. Whoever is cut comes back with the backoff of the protocol's client. */
export interface Subscribers {
  /** Opens so many, `pace` a second, and waits until all are subscribed. */
  open(count: number, pace: number): Promise<void>
  reset(): void
  report(): Report
  /** Deliveries since `reset`. */
  count(): number
  /** Destroys every socket at once; resolves to ms until the last one is subscribed again. */
  cut(): Promise<number>
  /** From now on cuts each socket every so many ms, and lets it come back after so many. */
  jitter(every: number, offline: number): void
  /** Ends that, and waits until everybody is back: a minute at most. */
  calm(): Promise<void>
  /** How many have not yet seen a message so new. */
  behind(newest: number): number
  /** Messages that somebody still lacks, if `newest` is the number of the last one. */
  missing(newest: number): number
}

export interface Report {
  /** µs of each delivery. */
  readonly samples: Float64Array
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
  /** Connections that ended. */
  readonly closes: number
  /** Returns that were told that something is missing. */
  readonly unrecovered: number
  /** ms that each return took, from dialling until all that was missed is there. */
  readonly returns: readonly number[]
  /** Monotonic ms of each. */
  readonly arrivals: readonly number[]
}

interface Subscriber {
  readonly seen: Seen
  position: Position | undefined
  socket: Socket | undefined
  up: boolean
  tries: number
  late: NodeJS.Timeout | undefined
  dialled: number
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
  dialled: 0,
})

/** Of a snapshot only the newest: values that it took the place of are not missed. */
function numbersOf({ k, v = [] }: Published): readonly number[] {
  const all =
    'n' in v && typeof v.n === 'number' ? [v.n] : Object.values(v as Record<string, { n: number }>).map(({ n }) => n)
  return k === 'snap' ? [Math.max(...all)] : all
}

/** Takes over the position, which each publication moves on. */
function resume(subscriber: Subscriber, tally: Tally, { epoch, offset, publications = [] }: SubscribeReply): void {
  subscriber.position = { epoch, offset: publications.at(-1)?.offset ?? offset }
  for (const { data } of publications) for (const n of numbersOf(data)) tally.number(subscriber.seen, n)
}

const newNotes = () => ({ closes: 0, unrecovered: 0, returns: [] as number[], arrivals: [] as number[] })

/** What the subscribers of one process have in common. */
interface Crowd {
  readonly options: PeerOptions
  readonly tally: Tally
  readonly all: Subscriber[]
  up: number
  /** ms away after a cut; undefined: the backoff of the protocol's client. */
  offline: number | undefined
  notes: ReturnType<typeof newNotes>
  whenAll: (() => void) | undefined
}

function arrived(crowd: Crowd, subscriber: Subscriber, reply: SubscribeReply | undefined): void {
  if (reply?.was_recovering === true && reply.recovered !== true) crowd.notes.unrecovered++
  if (reply !== undefined) resume(subscriber, crowd.tally, reply)
  const now = performance.now()
  crowd.notes.arrivals.push(now)
  crowd.notes.returns.push(now - subscriber.dialled)
  clearTimeout(subscriber.late)
  subscriber.up = true
  subscriber.tries = 0
  if (++crowd.up === crowd.all.length) crowd.whenAll?.()
}

function left(crowd: Crowd, subscriber: Subscriber): void {
  clearTimeout(subscriber.late)
  if (subscriber.up) {
    crowd.up--
    crowd.notes.closes++
  }
  subscriber.up = false
  setTimeout(() => connect(crowd, subscriber), crowd.offline ?? delay(subscriber.tries++))
}

function connect(crowd: Crowd, subscriber: Subscriber): void {
  const { seen, position } = subscriber
  subscriber.dialled = performance.now()
  subscriber.late = setTimeout(() => subscriber.socket?.destroy(), connectTimeout)
  subscriber.socket = openPeer(
    { ...crowd.options, position },
    {
      message(bytes, start, end) {
        const count = crowd.tally.frame(seen, { bytes, start, end }, stamp())
        if (subscriber.position !== undefined) subscriber.position.offset += count
      },
      ready: (reply) => arrived(crowd, subscriber, reply),
      closed: () => left(crowd, subscriber),
    },
  )
}

/** Cuts everybody again and again, each beginning at a time of its own. */
function shake(crowd: Crowd, every: number): void {
  const each = (subscriber: Subscriber): void => {
    if (crowd.offline === undefined) return
    subscriber.socket?.destroy()
    setTimeout(each, every, subscriber)
  }
  for (const subscriber of crowd.all) setTimeout(each, Math.random() * every, subscriber)
}

export function createSubscribers(options: PeerOptions): Subscribers {
  const tally = createTally()
  const all: Subscriber[] = []
  const crowd: Crowd = { options, tally, all, up: 0, offline: undefined, notes: newNotes(), whenAll: undefined }
  const settled = (): Promise<void> => new Promise((resolve) => void (crowd.whenAll = resolve))
  return {
    async open(count, pace) {
      for (let i = 0; i < count; i++) all.push(newSubscriber())
      const done = settled()
      for (const [i, subscriber] of all.entries()) setTimeout(() => connect(crowd, subscriber), (i / pace) * 1000)
      await done
    },
    reset() {
      tally.reset()
      crowd.notes = newNotes()
    },
    count: () => tally.delivered,
    report: () => {
      const { samples, delivered, lost, duplicated } = tally
      return { samples: Float64Array.from(samples), delivered, lost, duplicated, ...crowd.notes }
    },
    async cut() {
      const began = performance.now()
      const done = settled()
      for (const { socket } of all) socket?.destroy()
      await done
      return performance.now() - began
    },
    jitter(every, offline) {
      crowd.offline = offline
      shake(crowd, every)
    },
    async calm() {
      crowd.offline = undefined
      for (const end = performance.now() + 60_000; crowd.up < all.length && performance.now() < end;)
        await new Promise((resolve) => setTimeout(resolve, 20))
    },
    behind: (newest) => all.filter(({ seen }) => seen.last < newest).length,
    missing: (newest) => all.reduce((sum, { seen }) => sum + newest - seen.last, 0),
  }
}
