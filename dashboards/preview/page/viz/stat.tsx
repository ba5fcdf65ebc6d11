import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type FieldDisplay,
  type ReduceDataOptions,
} from '@grafana/data'
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
  type VizRepeaterRenderValueProps,
} from '@grafana/ui'
import type { DisplayValueAlignmentFactors, FieldConfigSource } from '@grafana/data'
import type { VizProps } from './types.ts'

export interface StatOptions {
  readonly reduceOptions: ReduceDataOptions
  readonly orientation: VizOrientation
  readonly colorMode: BigValueColorMode
  readonly graphMode: BigValueGraphMode
  readonly justifyMode: BigValueJustifyMode
  readonly textMode: BigValueTextMode
  readonly wideLayout: boolean
}

type Drawn = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>

/** Big numbers with a graph behind them. */
export function StatViz({ panel, frames, timeRange, width, height }: VizProps) {
  const theme = useTheme2()
  const options = panel.options as unknown as StatOptions
  const fieldConfig = panel.fieldConfig as unknown as FieldConfigSource
  const sparkline = options.graphMode !== BigValueGraphMode.None
  const getValues = () =>
    getFieldDisplayValues({
      data: frames,
      reduceOptions: options.reduceOptions,
      fieldConfig,
      replaceVariables: String,
      sparkline,
      theme,
    })
  const draw = ({ value, width: wide, height: high, count, alignmentFactors }: Drawn) => (
    <BigValue
      theme={theme}
      value={value.display}
      {...(value.sparkline && { sparkline: { ...value.sparkline, timeRange } })}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      textMode={options.textMode}
      disableWideLayout={!options.wideLayout}
      alignmentFactors={alignmentFactors}
      count={count}
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
      itemSpacing={3}
      autoGrid
      orientation={options.orientation}
      width={width}
      height={height}
    />
  )
}
