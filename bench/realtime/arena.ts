import { cpus } from 'node:os'
import { startChild, type Child } from './calls.ts'
import type { Dialect } from './peer.ts'
import type { Pace } from './publisher.ts'
import type { ContenderName } from './servers/server.ts'
import type { Report } from './subscribers.ts'

/** A contender's server and its subscribers, each a process of its own, on different cores. */
export interface Arena {
  readonly name: ContenderName
  readonly server: Child
  readonly client: Child
  stop(): Promise<void>
}

/** One window of one contender. */
export interface Round {
  /** ms of each delivery. */
  readonly latencies: Float64Array
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
  /** µs of the server's CPU per message and subscriber. */
  readonly cpu: number
  /** Share of one core that the client took; beyond 0.7 the latencies are its own. */
  readonly clientLoad: number
  /** Cores that everything else on this machine took meanwhile: with more than a little of it, latencies mean nothing. */
  readonly others: number
  /** p99 of the server's event loop, ms. */
  readonly delay: number
}

export interface ServerReport {
  readonly cpu: number
  readonly delay: number
  readonly rss: number
  readonly sent: number
}

export const dialects: Record<ContenderName, Dialect> = {
  ours: 'centrifuge',
  'ws-send': 'plain',
  framed: 'plain',
  'socket.io': 'socket.io',
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts a contender with so many subscribers of a topic; 400 a second, which everybody's admission lets in. */
export async function makeArena(name: ContenderName, topic: string, count: number): Promise<Arena> {
  const server = await startChild('servers/main.ts', [name], 0)
  const client = await makeClient(server, name, topic)
  await client.call('open', { count, pace: 400 })
  return { name, server, client, stop: () => Promise.all([server.stop(), client.stop()]).then(() => undefined) }
}

export async function makeClient(server: Child, name: ContenderName, topic: string): Promise<Child> {
  const port = await server.call<number>('port')
  return startChild('client.ts', [String(port), dialects[name], topic], 1)
}

/** CPU seconds of all cores since the machine started. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000

/** Publishes for a while and measures all but the beginning. */
export async function measure(
  { server, client }: Arena,
  pace: Pace,
  seconds: number,
  subscribers: number,
): Promise<Round> {
  await server.call('start', pace)
  await sleep(1000)
  const before = await server.call<number>('begin')
  await client.call('begin')
  const busyBefore = busySeconds()
  await sleep(seconds * 1000)
  const done = await server.call<ServerReport>('report')
  const busy = busySeconds() - busyBefore
  const seen = await client.call<Report & { cpu: number }>('report')
  await server.call('stop')
  // What is on its way arrives before the next contender has its turn.
  await sleep(300)
  return {
    latencies: seen.samples.map((us) => us / 1000),
    delivered: seen.delivered,
    lost: seen.lost,
    duplicated: seen.duplicated,
    cpu: (done.cpu * 1e6) / ((done.sent - before) * subscribers),
    clientLoad: seen.cpu / seconds,
    others: Math.max(0, busy - done.cpu - seen.cpu) / seconds,
    delay: done.delay,
  }
}
