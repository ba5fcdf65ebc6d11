import type { Output as AnyOutput, Section as AnySection } from '../lib/bench.ts'

export interface Effort {
  readonly rounds: number
  /** Of one window, and of the time before it that is not counted: s. */
  readonly seconds: number
  readonly warmUp: number
  readonly idleSockets: number
  /** Cuts of all sockets. */
  readonly storms: number
  /** Of the jitter workload: s. */
  readonly jitterSeconds: number
  /** For which slow readers stop: s. */
  readonly slowSeconds: number
  /** Of the failure tests: readers that stand still and churn, s, and sockets that say nothing. */
  readonly stallSeconds: number
  readonly churnSeconds: number
  readonly zombies: number
}

export type Output = AnyOutput
export type Section = AnySection<Effort>
