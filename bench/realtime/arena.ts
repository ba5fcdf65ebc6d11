import { cpus } from 'node:os'
import { startChild, type Child } from './calls.ts'
import { dialects, startServer, type RunningServer } from './contenders.ts'
import type { Effort } from './section.ts'
import type { ContenderName } from './servers/server.ts'
import { makeWatchers, type Seen, type Watchers } from './watchers.ts'
import { readersOf, type Load, type Workload } from './workload.ts'

/** A contender's server and its subscribers, each a process of its own, on different cores. */
export interface Arena {
  readonly name: ContenderName
  readonly server: RunningServer
  readonly watchers: readonly Watchers[]
  stop(): Promise<void>
}

/** One window of one contender. */
export interface Round {
  /** ms of each delivery, by load. */
  readonly latencies: readonly Float64Array[]
  /** Gaps in the numbers, by load; for class state these are values that newer ones took the place of. */
  readonly lost: readonly number[]
  readonly duplicated: readonly number[]
  /** Connections that ended. */
  readonly closes: number
  /** µs of the server's CPU per message and subscriber. */
  readonly cpu: number
  /** Share of one core that the server took, and the subscribers. */
  readonly serverLoad: number
  readonly clientLoad: number
  /** Cores that everything else on this machine took meanwhile: with more than a little of it, latencies mean nothing. */
  readonly others: number
  /** p99 of the server's event loop, ms. */
  readonly delay: number | null
}

/** Beyond this share of their core latencies are those of the subscribers. */
export const mostClientLoad = 0.7

export const isVoid = ({ clientLoad }: Round): boolean => clientLoad > mostClientLoad

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts a contender with the subscribers of a workload. */
export async function makeArena(name: ContenderName, { topics, audiences }: Workload): Promise<Arena> {
  const server = await startServer(name, topics)
  const watchers: Watchers[] = []
  for (const audience of audiences) watchers.push(await makeWatchers(server.port, dialects[name], audience, topics))
  return {
    name,
    server,
    watchers,
    async stop() {
      await server.end()
      for (const each of watchers) await each.stop()
    },
  }
}

/** Subscribers of one topic that come back when they are cut. */
export const makeClient = (server: RunningServer, name: ContenderName, topic: string): Promise<Child> =>
  startChild('client.ts', [String(server.port), dialects[name], topic], 1)

/** CPU seconds of all cores since the machine started. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000

/** Waits until what is on its way has arrived, so that the next contender has its turn: 20 s at most. */
async function drained(watchers: readonly Watchers[]): Promise<void> {
  const count = async (): Promise<number> =>
    (await Promise.all(watchers.map((each) => each.count()))).reduce((a, b) => a + b, 0)
  let before = await count()
  for (let i = 0; i < 50; i++) {
    await sleep(400)
    const now = await count()
    if (now === before) return
    before = now
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const inside = ({ from, count }: Load, topic: number): boolean => topic >= from && topic < from + count

function latenciesOf(load: Load, seen: readonly Seen[]): Float64Array {
  const parts = seen.map(({ samples, topics }) => samples.filter((_, i) => inside(load, topics[i] ?? -1)))
  const all = new Float64Array(sum(parts.map(({ length }) => length)))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all.map((us) => us / 1000)
}

const countOf = (load: Load, counts: readonly ReadonlyMap<number, number>[]): number =>
  sum(counts.flatMap((each) => [...each].map(([topic, count]) => (inside(load, topic) ? count : 0))))

/** Publishes for a while and measures all but the beginning; `during` happens within what is measured. */
export async function measure(
  { server, watchers }: Arena,
  { loads, audiences }: Pick<Workload, 'loads' | 'audiences'>,
  { seconds, warmUp }: Pick<Effort, 'seconds' | 'warmUp'>,
  during: () => Promise<void> = () => sleep(seconds * 1000),
): Promise<Round> {
  await server.start(loads)
  await sleep(warmUp * 1000)
  const before = await server.begin()
  await Promise.all(watchers.map((each) => each.begin()))
  const [busyBefore, began] = [busySeconds(), performance.now()]
  await during()
  const done = await server.report()
  const [busy, lasted] = [busySeconds() - busyBefore, (performance.now() - began) / 1000]
  const seen = await Promise.all(watchers.map((each) => each.report()))
  await server.stop()
  await drained(watchers)
  const due = sum(loads.map((load, i) => ((done.sent[i] ?? 0) - (before[i] ?? 0)) * readersOf(load, audiences)))
  const clientCpu = sum(seen.map(({ cpu }) => cpu))
  return {
    latencies: loads.map((load) => latenciesOf(load, seen)),
    lost: loads.map((load) => countOf(load, seen.map(({ lost }) => lost))), // prettier-ignore
    duplicated: loads.map((load) => countOf(load, seen.map(({ duplicated }) => duplicated))), // prettier-ignore
    closes: sum(seen.map(({ closes }) => closes)),
    cpu: (done.cpu * 1e6) / due,
    serverLoad: done.cpu / lasted,
    clientLoad: clientCpu / lasted,
    others: Math.max(0, busy - done.cpu - clientCpu) / lasted,
    delay: done.delay,
  }
}
