import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './calls.ts'
import { nativeProgram, scratch, startNative } from './native.ts'
import type { Dialect } from './peer.ts'
import type { Report } from './subscribers.ts'
import type { Audience, BenchTopic } from './workload.ts'

/** What subscribers have seen since `begin`. */
export interface Seen {
  /** µs of each delivery. */
  readonly samples: Float64Array
  /** Index of the topic of each. */
  readonly topics: Uint32Array
  /** By topic; for class state these are values that newer ones took the place of. */
  readonly lost: ReadonlyMap<number, number>
  readonly duplicated: ReadonlyMap<number, number>
  /** Connections that ended. */
  readonly closes: number
  /** Seconds. */
  readonly cpu: number
}

/** The subscribers of an audience, in a process of their own. */
export interface Watchers {
  readonly pid: number
  begin(): Promise<unknown>
  report(): Promise<Seen>
  /** Deliveries so far. */
  count(): Promise<number>
  stop(): Promise<void>
}

// 400 a second: everybody's admission lets that in.
const pace = 400
let files = 0

function parseReport(line: string, bytes: Buffer): Seen {
  const [cpu, closes, ...odd] = line.trim().split(' ')
  const pairs = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const count = pairs.length / 2
  const samples = new Float64Array(count)
  const topics = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    samples[i] = pairs[2 * i] ?? NaN
    topics[i] = pairs[2 * i + 1] ?? NaN
  }
  const counts = odd.map((text) => text.split(':').map(Number)) as [number, number, number][]
  return {
    samples,
    topics,
    lost: new Map(counts.map(([topic, lost]) => [topic, lost])),
    duplicated: new Map(counts.map(([topic, , twice]) => [topic, twice])),
    closes: Number(closes),
    cpu: Number(cpu) / 1e6,
  }
}

async function startCompiled(program: string, port: number, dialect: Dialect, audience: Audience, names: string[]) {
  const native = await startNative(program, [String(port), dialect], 1)
  await native.ask(`open ${audience.count} ${pace} ${audience.each} ${names.join(' ')}`)
  return {
    pid: native.pid,
    begin: () => native.ask('begin'),
    async report() {
      const file = join(scratch(), `samples-${++files}`)
      const line = await native.ask(`report ${file}`)
      const bytes = readFileSync(file)
      rmSync(file)
      return parseReport(line, bytes)
    },
    count: async () => Number(await native.ask('count')),
    stop: native.stop,
  }
}

/** Without a compiler: dearer, and of one topic. */
async function startScripted(port: number, dialect: Dialect, { count, from }: Audience, name: string) {
  const child = await startChild('client.ts', [String(port), dialect, name], 1)
  await child.call('open', { count, pace })
  const of = (value: number): Map<number, number> => new Map([[from, value]])
  return {
    pid: child.pid,
    begin: () => child.call('begin'),
    async report() {
      const { samples, lost, duplicated, closes, cpu } = await child.call<Report & { cpu: number }>('report')
      const topics = new Uint32Array(samples.length).fill(from)
      return { samples, topics, lost: of(lost), duplicated: of(duplicated), closes, cpu }
    },
    count: () => child.call<number>('count'),
    stop: child.stop,
  }
}

/** Whether this machine can hold such an audience; those of several topics need a C compiler. */
export const canWatch = ({ topics }: Audience): boolean => topics === 1 || nativeProgram('client') !== undefined

/** Opens all sockets of an audience and waits until they are subscribed. */
export async function makeWatchers(
  port: number,
  dialect: Dialect,
  audience: Audience,
  topics: readonly BenchTopic[],
): Promise<Watchers> {
  const names = topics.slice(audience.from, audience.from + audience.topics).map(({ name }) => name)
  const program = nativeProgram('client')
  if (program !== undefined) return startCompiled(program, port, dialect, audience, names)
  return startScripted(port, dialect, audience, names[0] ?? '')
}
