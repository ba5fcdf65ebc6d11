import {
  getDisplayProcessor,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type FieldDisplay,
  type ReduceDataOptions,
} from '@grafana/data'
import type { DisplayValueAlignmentFactors, FieldConfigSource } from '@grafana/data'
import type { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema'
import { BarGauge, useTheme2, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui'
import type { VizProps } from './types.ts'

interface Options {
  readonly reduceOptions: ReduceDataOptions
  readonly orientation: VizOrientation
  readonly displayMode: BarGaugeDisplayMode
  readonly valueMode: BarGaugeValueMode
  readonly namePlacement: BarGaugeNamePlacement
  readonly showUnfilled: boolean
  readonly minVizHeight: number
  readonly maxVizHeight: number
  readonly minVizWidth: number
}

type Drawn = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>
/** Pixels between bars, as in Grafana. */
const gap = 10

/** A bar for each series. */
export function BarGaugeViz({ panel, frames, width, height }: VizProps) {
  const theme = useTheme2()
  const options = panel.options as unknown as Options
  const fieldConfig = panel.fieldConfig as unknown as FieldConfigSource
  const getValues = () =>
    getFieldDisplayValues({
      data: frames,
      reduceOptions: options.reduceOptions,
      fieldConfig,
      replaceVariables: String,
      theme,
    })
  const draw = ({ value, width: wide, height: high, alignmentFactors, orientation }: Drawn) => (
    <BarGauge
      theme={theme}
      value={value.display}
      field={value.field}
      display={
        value.view?.getFieldDisplayProcessor(value.colIndex ?? 0) ??
        getDisplayProcessor({ theme, field: { config: value.field } })
      }
      alignmentFactors={alignmentFactors}
      orientation={orientation}
      displayMode={options.displayMode}
      valueDisplayMode={options.valueMode}
      namePlacement={options.namePlacement}
      showUnfilled={options.showUnfilled}
      itemSpacing={gap}
      width={wide}
      height={high}
    />
  )
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={getValues}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      renderValue={draw}
      source={frames}
      renderCounter={0}
      itemSpacing={gap}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      minVizWidth={options.minVizWidth}
      orientation={options.orientation}
      width={width}
      height={height}
    />
  )
}
