/** What the preview reads of a board in Classic JSON. */
export interface Board {
  readonly uid: string
  readonly title: string
  readonly description?: string
  readonly time: { readonly from: string; readonly to: string }
  readonly refresh?: string
  readonly templating: { readonly list: readonly Variable[] }
  readonly panels: readonly Part[]
}

export interface Variable {
  readonly type: string
  readonly name: string
  readonly label?: string
  readonly query: string | { readonly query: string }
  readonly multi?: boolean
  readonly includeAll?: boolean
  /** What stands for all values at once. */
  readonly allValue?: string
  readonly current?: { readonly value?: string | readonly string[] }
}

/** Columns 0 to 23, rows of `cell` pixels. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface Target {
  readonly refId: string
  readonly expr: string
  readonly legendFormat?: string
  readonly format?: string
  readonly instant?: boolean
}

export interface Link {
  readonly title: string
  readonly url: string
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: Place
  readonly targets: readonly Target[]
  readonly links?: readonly Link[]
  readonly options: Readonly<Record<string, unknown>>
  readonly transformations?: readonly { readonly id: string; readonly options: object }[]
  readonly fieldConfig: { readonly defaults: object; readonly overrides: readonly object[] }
}

/** A heading; the panels of a closed one lie in it. */
export interface Row {
  readonly id: number
  readonly type: 'row'
  readonly title: string
  readonly collapsed: boolean
  readonly gridPos: Place
  readonly panels: readonly Panel[]
}

export type Part = Panel | Row

export const isRow = (part: Part): part is Row => part.type === 'row'
