import type { Plan } from '../compare.ts'
import type { Verdict } from '../targets.ts'

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

/** Prints a paragraph of the report; `progress` is only for whoever waits. */
export interface Output {
  readonly print: (text: string) => void
  readonly progress: (text: string) => void
}

/** A part of the benchmark. Prints what it measures and returns what became of its targets. */
export type Section = (effort: Effort, output: Output) => Promise<readonly Verdict[]>

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
