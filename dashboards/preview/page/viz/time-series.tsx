import { TimeSeries } from '@grafana/ui'
import type { VizLegendOptions } from '@grafana/schema'
import type { VizProps } from './types.ts'

/** Lines over time, with Grafana's own legend. */
export const TimeSeriesViz = ({ panel, frames, timeRange, width, height }: VizProps) => (
  <TimeSeries
    frames={frames}
    timeRange={timeRange}
    timeZone="browser"
    width={width}
    height={height}
    legend={panel.options['legend'] as VizLegendOptions}
  />
)
