import type { FastifyInstance } from 'fastify'
import type { Publisher, Topic } from '../realtime/types.ts'

/** A slice of what people see: payloads, REST twins, a live topic. Everything it needs arrives as an argument. */
export interface Feature {
  readonly topic: Topic
  /** Registers the REST twins; every route declares its capability in `config`. */
  routes(app: FastifyInstance): void
  /** Takes one reading and publishes it. The feature runner calls it every `interval` ms; it owns no timer itself. */
  tick(publisher: Publisher): Promise<void>
  readonly interval: number
  /** Time between two readings, ms, while nobody listens. */
  readonly rest: number
  /** Calls `wake` when something has happened that is not to wait for the next reading. */
  readonly onNews?: (wake: () => void) => void
  stop?(): Promise<void>
}

/**
 * A slice that publishes when something happens, instead of readings: like a `Feature`, but nothing ticks it. `follow`
 * begins to publish and returns how to end it.
 */
export interface EventFeature {
  readonly topics: readonly Topic[]
  routes(app: FastifyInstance): void
  follow(publisher: Publisher): () => void
}

/**
 * Fresh readings of one exporter by collector, each within `deadline` ms; those that fail are left out, and their
 * errors put into `failures`, where the runner tells them. Never rejects.
 */
export type Take = (
  collectors: readonly string[],
  deadline: number,
  failures?: Map<string, unknown>,
) => Promise<ReadonlyMap<string, unknown>>

/** Time as a feature sees it; tests bring their own. */
export interface FeatureClock {
  /** Wall clock, ms since the epoch: for what people read. */
  readonly now: () => number
  /** Monotonic ms: for every interval, so that a jump of the wall clock makes no rate. */
  readonly monotonic: () => number
}
