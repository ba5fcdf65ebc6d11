import type { Section as AnySection } from '../lib/bench.ts'

export interface Effort {
  /** Questions, requests or writes of one section, as far as it counts them. */
  readonly count: number
}

export type Section = AnySection<Effort>
