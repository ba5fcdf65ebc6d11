import type { Verdict } from '../exporters/targets.ts'

export interface Effort {
  readonly rounds: number
  /** Of one window, s. */
  readonly seconds: number
  readonly idleSockets: number
}

export interface Output {
  print(text: string): void
  progress(text: string): void
}

/** A part of the report: measures, prints, and says what came of its promises. */
export type Section = (effort: Effort, output: Output) => Promise<Verdict[]>
