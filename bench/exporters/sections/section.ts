import type { Output as AnyOutput, Section as AnySection } from '../../lib/bench.ts'
import type { Plan } from '../compare.ts'

/** How long the benchmark takes its time. */
export interface Effort {
  readonly repeats: number
  /** Scrapes per side and repeat: host, PostgreSQL. */
  readonly hostScrapes: number
  readonly postgresScrapes: number
  /** Seconds of the paced rows, one scrape a second. */
  readonly pacedSeconds: number
  readonly starts: number
  /** Scrapes before memory is read again. */
  readonly memoryScrapes: number
}

export type Output = AnyOutput
export type Section = AnySection<Effort>

export const blocks = (effort: Effort, scrapes: number): Plan => ({
  repeats: effort.repeats,
  scrapes,
  block: 50,
  concurrency: 1,
  warmUps: 30,
})

/** One scrape a second: memory and processor caches go cold in between, as with a real Prometheus. */
export const paced = (effort: Effort): Plan => ({
  repeats: 1,
  scrapes: effort.pacedSeconds,
  block: 1,
  concurrency: 1,
  warmUps: 5,
  pace: 1000,
})
