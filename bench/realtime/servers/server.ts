import type { BenchTopic } from '../workload.ts'

/** What every publisher sends: JSON that begins with its number, when it was sent, and the index of its topic. */
export interface Message {
  readonly n: number
  /** Monotonic µs. */
  readonly t: number
  readonly i: number
  /** Filler. */
  readonly p: string
}

/** One contender: a server with subscribers, and a way to send a message to those of a topic. */
export interface Server {
  readonly port: number
  publish(topic: BenchTopic, message: Message, key: string | undefined): void
  /** Seconds of CPU, where it is not this process that does the work. */
  cpu?(): number
}

/** Names under which contenders are started. */
export type ContenderName = 'ours' | 'ws-send' | 'framed' | 'socket.io' | 'bun' | 'centrifugo' | 'floor'

/** Which topics somebody wants who says so in the address. */
export const topicsOf = (url: string | undefined): readonly string[] =>
  new URL(url ?? '/', 'http://localhost').searchParams.get('topics')?.split(',') ?? []

/** Who listens to what. */
export function createRegister<Socket>() {
  const topics = new Map<string, Set<Socket>>()
  return {
    add(names: readonly string[], socket: Socket): void {
      for (const name of names) topics.set(name, (topics.get(name) ?? new Set()).add(socket))
    },
    drop(names: readonly string[], socket: Socket): void {
      for (const name of names) topics.get(name)?.delete(socket)
    },
    of: (name: string): Iterable<Socket> => topics.get(name) ?? [],
  }
}
