import type { Verdict } from '../exporters/targets.ts'

export interface Effort {
  /** Questions, requests or writes of one section, as far as it counts them. */
  readonly count: number
}

export interface Output {
  print(text: string): void
  progress(text: string): void
}

/** A part of the report: measures, prints, and says what came of its promises. */
export type Section = (effort: Effort, output: Output) => Promise<Verdict[]>
