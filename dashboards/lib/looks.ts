import type { GraphFieldConfig } from '@grafana/grafana-foundation-sdk/common'
import type { Options as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import type { Options as Heatmap } from '@grafana/grafana-foundation-sdk/heatmap'
import type { Options as Stat } from '@grafana/grafana-foundation-sdk/stat'
import type { FieldConfig as TimelineFields, Options as Timeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import type { Options as Table } from '@grafana/grafana-foundation-sdk/table'
import type { Options as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import type { Literal } from './grafana.ts'
import type { TimeOptions } from './panel.ts'

const last = { calcs: ['lastNotNull'], fields: '', values: false }
const tooltip = { mode: 'multi', sort: 'desc' } as const

export const statOptions: Literal<Stat> = {
  colorMode: 'value',
  // Grafana draws it across a number that has no name.
  graphMode: 'none',
  justifyMode: 'auto',
  orientation: 'auto',
  percentChangeColorMode: 'standard',
  reduceOptions: last,
  showPercentChange: false,
  textMode: 'auto',
  wideLayout: true,
}

/** Few series get their numbers beside their names; many only names. */
export const timeOptions = ({ many }: TimeOptions): Literal<TimeSeries> => ({
  legend: {
    calcs: many === true ? [] : ['mean', 'max', 'lastNotNull'],
    displayMode: many === true ? 'list' : 'table',
    placement: 'bottom',
    showLegend: true,
  },
  tooltip,
})

export const timeFields = ({ stack, bars, threshold }: TimeOptions): Literal<GraphFieldConfig> => ({
  axisBorderShow: false,
  drawStyle: bars === true ? 'bars' : 'line',
  fillOpacity: stack === true ? 40 : bars === true ? 60 : 5,
  lineInterpolation: 'linear',
  lineWidth: stack === true ? 0 : 1,
  pointSize: 4,
  showPoints: 'never',
  spanNulls: false,
  stacking: { group: 'A', mode: stack === true ? 'normal' : 'none' },
  // A dashed line where the alert begins.
  thresholdsStyle: { mode: threshold === undefined ? 'off' : 'dashed' },
})

export const barOptions: Literal<BarGauge> = {
  displayMode: 'basic',
  legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false },
  maxVizHeight: 40,
  minVizHeight: 16,
  minVizWidth: 8,
  namePlacement: 'left',
  orientation: 'horizontal',
  reduceOptions: last,
  showUnfilled: true,
  sizing: 'manual',
  valueMode: 'text',
}

export const stateOptions: Literal<Timeline> = {
  alignValue: 'left',
  legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true },
  mergeValues: true,
  rowHeight: 0.8,
  showValue: 'auto',
  tooltip,
}
export const stateFields: Literal<TimelineFields> = { fillOpacity: 70, lineWidth: 0, spanNulls: false }

/** The largest values first, or the alphabet of another column. */
export const tableOptions = (heading: string, sortedBy?: string): Literal<Table> => ({
  cellHeight: 'sm',
  frameIndex: 0,
  showHeader: true,
  sortBy: [{ desc: sortedBy === undefined, displayName: sortedBy ?? heading }],
})

export const heatOptions = (unit: string): Literal<Heatmap> => ({
  calculate: false,
  cellGap: 1,
  color: {
    exponent: 0.5,
    fill: 'dark-blue',
    mode: 'scheme',
    reverse: false,
    scale: 'exponential',
    scheme: 'Viridis',
    steps: 64,
  },
  exemplars: { color: 'rgba(230,159,0,0.8)' },
  filterValues: { le: 1e-9 },
  legend: { show: true },
  rowsFrame: { layout: 'auto' },
  showValue: 'never',
  tooltip: { mode: 'single', showColorScale: false, yHistogram: true },
  yAxis: { axisPlacement: 'left', reverse: false, unit },
})
