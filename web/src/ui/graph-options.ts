import type uPlot from 'uplot'
import { marks, rounded, stepsOf, timeMarks, timeOfDay, timeSteps, withoutRepeats } from './graph-axes.ts'
import type { Palette } from './graph-palette.ts'
import type { GraphProps } from './graph-props.ts'

/** uPlot wants columns, times first, in seconds. */
export const columns = ({ times, series }: Pick<GraphProps, 'times' | 'series'>): uPlot.AlignedData => [
  times.map((time) => time / 1000),
  ...series.map(({ values }) => [...values]),
]

/** The value axis: from `min` (0) to `max`, or to the largest value or threshold near it, and a little room. */
export function valueRange(
  props: Pick<GraphProps, 'min' | 'max' | 'thresholds'>,
  dataMax: number | null,
): [number, number] {
  const low = props.min ?? 0
  if (props.max !== undefined) return [low, props.max]
  const data = dataMax ?? low
  const near = (props.thresholds ?? []).map(({ value }) => value).filter((value) => value <= data * 1.5)
  const high = Math.max(data, ...near)
  return [low, high > low ? low + (high - low) * 1.1 : low + 1]
}

/** The time axis, seconds. */
export function timeRange({ from, to, times }: Pick<GraphProps, 'from' | 'to' | 'times'>): [number, number] {
  const end = to ?? times.at(-1) ?? 0
  const start = from ?? times[0] ?? end - 60_000
  return [start / 1000, Math.max(end, start + 1000) / 1000]
}

/** Draws the thresholds over the plot with their names. */
function drawThresholds(plot: uPlot, props: GraphProps, palette: Palette): void {
  const { ctx, bbox } = plot
  for (const { value, label, level } of props.thresholds ?? []) {
    const y = plot.valToPos(value, 'y', true)
    if (y < bbox.top || y > bbox.top + bbox.height) continue
    ctx.save()
    ctx.strokeStyle = palette[level]
    ctx.fillStyle = palette.text
    ctx.setLineDash([6, 4])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    // One at each edge: the two thresholds of a value are often too close for one name above the other.
    const right = level === 'critical'
    ctx.textAlign = right ? 'right' : 'left'
    const below = y < bbox.top + 14 * devicePixelRatio ? 12 * devicePixelRatio : -4
    ctx.fillText(label, right ? bbox.left + bbox.width - 4 : bbox.left + 4, y + below)
    ctx.restore()
  }
}

/** The value of a line under the crosshair, or the newest, in words: a legend always says something. */
function pointed(plot: uPlot, line: number, index: number | null, format: (value: number) => string): string {
  const value = plot.data[line]?.[index ?? plot.data[0].length - 1] ?? null
  return value === null ? '–' : format(value)
}

/** Everything uPlot needs to know but the data. `props` is read anew at each drawing. */
export function graphOptions(props: GraphProps, palette: Palette, width: number): uPlot.Options {
  const axis = {
    stroke: palette.text,
    font: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  }
  const steps = stepsOf(props.steps ?? 'decimal')
  return {
    width,
    height: props.height ?? 160,
    // Room for half a label to the right of the last mark.
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { range: () => timeRange(props) },
      y: { range: (_plot, _min, max) => valueRange(props, max) },
    },
    axes: [
      { ...axis, size: 28, space: 56, incrs: timeSteps, values: timeMarks },
      {
        ...axis,
        size: 68,
        space: 32,
        ...(steps !== undefined && { incrs: steps, splits: (_plot, _axis, min, max, step) => marks(min, max, step) }),
        values: (_plot, splits) => withoutRepeats(splits.map((value) => rounded(props.format(value)))),
      },
    ],
    series: [
      { label: 'Time', value: (plot, _seconds, line, index) => pointed(plot, line, index, timeOfDay) },
      ...props.series.map(({ label }, line): uPlot.Series => ({
        label,
        stroke: palette.series[line % palette.series.length] ?? palette.text,
        width: 1.5,
        dash: line < palette.series.length ? [] : [4, 3],
        points: { show: false },
        value: (plot, _value, own, index) => pointed(plot, own, index, props.format),
      })),
    ],
    hooks: { draw: [(plot) => drawThresholds(plot, props, palette)] },
  }
}
