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
  stop?(): Promise<void>
}
