import type { ContenderName } from './servers/server.ts'

/** A topic of the benchmark; everybody but the bridge ignores its class. */
export interface BenchTopic {
  readonly name: string
  readonly class: 'alert' | 'stream' | 'event' | 'state'
}

/** What is published to some neighbouring topics, in turn. */
export interface Load {
  /** In the report. */
  readonly label: string
  /** First of the topics in the list of all, and how many. */
  readonly from: number
  readonly count: number
  /** Messages a second over all of them, evenly spread. */
  readonly rate: number
  /** Of one message. */
  readonly bytes: number
  /** Class state: over so many keys in turn. */
  readonly keys?: number
}

/** Subscribers in one process: each listens to `each` of the neighbouring topics, evenly apart. */
export interface Audience {
  readonly count: number
  readonly from: number
  readonly topics: number
  readonly each: number
}

export interface Workload {
  readonly title: string
  readonly contenders: readonly ContenderName[]
  readonly topics: readonly BenchTopic[]
  readonly loads: readonly Load[]
  readonly audiences: readonly Audience[]
}

/** Of subscribers to each topic of a load, the average. */
export function readersOf(load: Load, audiences: readonly Audience[]): number {
  const inside = audiences.filter(({ from, topics }) => load.from >= from && load.from + load.count <= from + topics)
  return inside.reduce((sum, { count, each, topics }) => sum + (count * each) / topics, 0)
}

export const series = (prefix: string, count: number, kind: BenchTopic['class']): BenchTopic[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}`, class: kind }))
