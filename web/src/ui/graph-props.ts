import type { Steps } from './graph-axes.ts'
import type { Level } from './level.ts'

export interface GraphSeries {
  readonly label: string
  /** As long as `times`; null = not known, and the line has a gap. */
  readonly values: readonly (number | null)[]
}

export interface Threshold {
  readonly value: number
  readonly label: string
  readonly level: Exclude<Level, 'ok'>
}

export interface GraphProps {
  readonly title: string
  /** ms since the epoch, ascending. */
  readonly times: readonly number[]
  readonly series: readonly GraphSeries[]
  /** A value in words, with its unit: `bytes`, `percent`. */
  readonly format: (value: number) => string
  readonly thresholds?: readonly Threshold[] | undefined
  /** How the value axis is divided; decimally unless said. */
  readonly steps?: Steps | undefined
  /** Ends of the value axis; 0 and what the data needs unless said. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** Ends of the time axis, ms since the epoch; those of the data unless said. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Holds the picture, whatever arrives. Without it the graph has a button of its own. */
  readonly paused?: boolean | undefined
  /** CSS pixels; 160 unless said. */
  readonly height?: number | undefined
}
