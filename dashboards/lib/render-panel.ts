import { seriesColour } from './colours.ts'
import { fieldsOf } from './fields.ts'
import { dataSource, type Override, type PanelJson, type Target } from './grafana.ts'
import type { Place } from './layout.ts'
import * as looks from './looks.ts'
import type { About, Panel } from './panel.ts'
import type { Query } from './query.ts'

const refId = (at: number): string => String.fromCodePoint(65 + at)

export const descriptionOf = ({ shows, normal, act }: About): string =>
  `${shows}\n\n**Normal:** ${normal}\n\n**If not:** ${act}`

const types = {
  stat: 'stat',
  time: 'timeseries',
  bars: 'bargauge',
  states: 'state-timeline',
  heat: 'heatmap',
  table: 'table',
} as const

/** Kinds that show the present value; the others show the way there. A stat looks back for the last one there was. */
const instant = (kind: Panel['kind']): boolean => kind === 'bars' || kind === 'table'

const format = (kind: Panel['kind']): Target['format'] =>
  kind === 'table' ? 'table' : kind === 'heat' ? 'heatmap' : 'time_series'

const targetOf =
  ({ kind }: Panel) =>
  ({ expr, legend, exemplar }: Query, at: number): Target => ({
    refId: refId(at),
    datasource: dataSource,
    editorMode: 'code',
    expr,
    legendFormat: legend,
    format: format(kind),
    instant: instant(kind),
    range: !instant(kind),
    ...(exemplar === true && { exemplar }),
  })

const coloured = (at: number): Override => ({
  matcher: { id: 'byFrameRefID', options: refId(at) },
  properties: [{ id: 'color', value: { mode: 'shades', fixedColor: seriesColour(at) } }],
})

type Look = Pick<PanelJson, 'options' | 'fieldConfig' | 'transformations'>
type Of<Kind extends Panel['kind']> = Extract<Panel, { readonly kind: Kind }>

/** Coloured by value rather than by series. */
const byValue = (panel: Panel) => ({ ...fieldsOf(panel), color: { mode: 'thresholds' } })

const lookOfTime = (panel: Of<'time'>): Look => ({
  options: looks.timeOptions(panel),
  fieldConfig: {
    defaults: { ...fieldsOf(panel), color: { mode: 'palette-classic' }, custom: looks.timeFields(panel) },
    // More shades of one colour than six end in black.
    overrides: panel.many === true && panel.queries.length === 1 ? [] : panel.queries.map((_query, at) => coloured(at)),
  },
})

const widthOf = ([options, value]: readonly [string, number]): Override => ({
  matcher: { id: 'byName', options },
  properties: [{ id: 'custom.width', value }],
})

/** Labels are text; only the column of the value has the unit. */
function lookOfTable(panel: Of<'table'>): Look {
  const heading = panel.columns['Value'] ?? 'Value'
  const properties = [
    { id: 'unit', value: panel.unit },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ]
  return {
    options: looks.tableOptions(heading, panel.sortedBy),
    transformations: [organised(panel.columns)],
    fieldConfig: {
      defaults: { ...byValue(panel), unit: 'string' },
      overrides: [
        // What a series has no label for, rather than what an empty table says.
        { matcher: { id: 'byType', options: 'string' }, properties: [{ id: 'noValue', value: '–' }] },
        { matcher: { id: 'byName', options: heading }, properties },
        ...Object.entries(panel.widths ?? {}).map(widthOf),
      ],
    },
  }
}

/** Columns in the order of `columns`, under its headings. What it does not name, the query must aggregate away. */
const organised = (columns: Readonly<Record<string, string>>): NonNullable<PanelJson['transformations']>[number] => ({
  id: 'organize',
  options: {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(Object.keys(columns).map((label, at) => [label, at])),
    renameByName: columns,
  },
})

function lookOf(panel: Panel): Look {
  if (panel.kind === 'time') return lookOfTime(panel)
  if (panel.kind === 'table') return lookOfTable(panel)
  if (panel.kind === 'heat')
    return { options: looks.heatOptions(panel.unit), fieldConfig: { defaults: fieldsOf(panel), overrides: [] } }
  const options = { stat: looks.statOptions, bars: looks.barOptions, states: looks.stateOptions }[panel.kind]
  const custom = panel.kind === 'states' ? { custom: looks.stateFields } : {}
  return { options, fieldConfig: { defaults: { ...byValue(panel), ...custom }, overrides: [] } }
}

/** To the board that shows more, with the same time, data source and instances. */
const linksOf = (board: string): NonNullable<PanelJson['links']> => [
  {
    title: 'More about it',
    type: 'link',
    icon: '',
    tooltip: '',
    url: `/d/aura-${board}?\${__url_time_range}&\${datasource:queryparam}&\${instance:queryparam}`,
    tags: [],
    asDropdown: false,
    targetBlank: false,
    includeVars: false,
    keepTime: false,
  },
]

/** A panel as Grafana reads it. */
export const renderPanel = (panel: Panel, id: number, gridPos: Place): PanelJson => ({
  id,
  type: types[panel.kind],
  title: panel.title,
  description: descriptionOf(panel),
  datasource: dataSource,
  gridPos: { ...gridPos },
  targets: panel.queries.map(targetOf(panel)),
  ...(panel.board !== undefined && { links: linksOf(panel.board) }),
  ...lookOf(panel),
})
