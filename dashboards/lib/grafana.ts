import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

/**
 * The shapes of Classic JSON, as the SDK of Grafana types them. Only its types and its list of units are used: its
 * builders change what they were given, set no refIds and ids, put defaults in that hide legends and links, and leave
 * options untyped. Classic rather than v2, because files are provisioned, and Grafana 13.0 refuses v2 there.
 */
export type Literal<Of> = Of extends string
  ? `${Of}`
  : Of extends number
    ? number
    : Of extends boolean | null | undefined
      ? Of
      : { [Key in keyof Of]: Literal<Of[Key]> }

export const dataSource = { type: 'prometheus', uid: '${datasource}' } as const

/** A query of Prometheus; the SDK's type holds a method, so that it can only be made by its builder. */
export interface Target {
  readonly refId: string
  readonly datasource: typeof dataSource
  readonly editorMode: 'code'
  readonly expr: string
  readonly legendFormat: string
  readonly format: 'time_series' | 'table' | 'heatmap'
  readonly instant: boolean
  readonly range: boolean
  readonly exemplar?: true
}

type Known<Of, Key extends keyof Of> = Omit<Of, Key> & Required<Pick<Of, Key>>

export type PanelJson = Known<
  Literal<Omit<Panel, 'targets' | 'fieldConfig' | 'options'>>,
  'id' | 'title' | 'description' | 'gridPos'
> & {
  readonly targets: readonly Target[]
  readonly options: object
  readonly fieldConfig: {
    readonly defaults: Readonly<Record<string, unknown>>
    readonly overrides: readonly Override[]
  }
}

/** What differs for some of the series. */
export interface Override {
  readonly matcher: { readonly id: 'byFrameRefID' | 'byName' | 'byType'; readonly options: string }
  readonly properties: readonly { readonly id: string; readonly value: unknown }[]
}

export type RowJson = Omit<Literal<RowPanel>, 'panels'> & { readonly panels: readonly PanelJson[] }

export type BoardJson = Omit<Literal<Dashboard>, 'panels'> & { readonly panels: readonly (PanelJson | RowJson)[] }
