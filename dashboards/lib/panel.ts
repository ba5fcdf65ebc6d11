import type { Query } from './query.ts'
import type { Unit } from './unit.ts'

/** What a description must tell: what is shown, how it usually looks, and what to do if it does not look so. */
export interface About {
  readonly shows: string
  readonly normal: string
  readonly act: string
}

/** Where good ends: values above `look` (or below it, with `below`) need a look, values above `bad` need hands. */
export interface Threshold {
  readonly look?: number
  readonly bad?: number
  readonly below?: true
}

/** What all panels have in common. */
export interface PanelOptions extends About {
  readonly title: string
  readonly unit: Unit
  readonly queries: readonly Query[]
  readonly threshold?: Threshold
  readonly min?: number
  readonly max?: number
  readonly decimals?: number
  /** Shown in the place of nothing; says why there may be nothing. */
  readonly empty?: string
  /** Columns of 24, and grid rows. */
  readonly w?: number
  readonly h?: number
  /** Name of the board that shows more; a link in the corner leads there. */
  readonly board?: string
  /** Values with words: 0 is `down`. */
  readonly words?: Readonly<Record<string, readonly [text: string, colour: string]>>
}

export interface TimeOptions extends PanelOptions {
  /** Areas on top of each other: only for parts of one whole. */
  readonly stack?: true
  /** Series that may be more than ten get a list without numbers. */
  readonly many?: true
  /** Values that count events are bars. */
  readonly bars?: true
}

export interface TableOptions extends PanelOptions {
  /** Label to heading, in order; what is not named is left out. `Value` is the number. */
  readonly columns: Readonly<Record<string, string>>
  /** Heading of a column whose alphabet orders the rows, instead of the largest values first. */
  readonly sortedBy?: string
  /** Pixels of the columns, by heading, that would be cut off among columns of one size. */
  readonly widths?: Readonly<Record<string, number>>
}

/** Tells the kinds of panels apart; `lib/render.ts` knows what Grafana calls them. */
export type Panel =
  | ({ readonly kind: 'stat' } & PanelOptions)
  | ({ readonly kind: 'time' } & TimeOptions)
  | ({ readonly kind: 'bars' } & PanelOptions)
  | ({ readonly kind: 'states' } & PanelOptions)
  | ({ readonly kind: 'heat' } & PanelOptions)
  | ({ readonly kind: 'table' } & TableOptions)

/** One number, or one for each instance. */
export const stat = (options: PanelOptions): Panel => ({ kind: 'stat', w: 4, h: 4, ...options })
/** Lines over time; the legend gets a third of it, which is room for three names. */
export const time = (options: TimeOptions): Panel => ({ kind: 'time', w: 12, h: 9, ...options })
/** The present values side by side, as bars. */
export const bars = (options: PanelOptions): Panel => ({ kind: 'bars', w: 12, h: 9, ...options })
/** States over time, one band for each series; needs `words`. */
export const states = (options: PanelOptions): Panel => ({ kind: 'states', w: 12, h: 6, ...options })
/** A histogram over time. */
export const heat = (options: PanelOptions): Panel => ({ kind: 'heat', w: 12, h: 9, ...options })
/** The present values in a table. */
export const table = (options: TableOptions): Panel => ({ kind: 'table', w: 24, h: 8, ...options })

/** Panels under a heading; those of a collapsed row are asked for only when it is opened. */
export interface Row {
  readonly title: string
  readonly collapsed: boolean
  readonly panels: readonly Panel[]
}

export const row = (title: string, panels: readonly Panel[]): Row => ({ title, panels, collapsed: false })
export const more = (title: string, panels: readonly Panel[]): Row => ({ title, panels, collapsed: true })
