import { formattedValueToString, getFieldDisplayName, type DataFrame, type Field, type TimeRange } from '@grafana/data'
import { measureText, VizLegend } from '@grafana/ui'
import { LegendDisplayMode } from '@grafana/schema'
import { spansOf, type Span } from '../../core/spans.ts'
import { axisHeight, TimeAxis } from './time-axis.tsx'
import type { VizProps } from './types.ts'

interface Band {
  readonly name: string
  readonly field: Field
  readonly spans: readonly Span[]
}

const legendHeight = 26
/** Share of its line that a band fills. */
const fill = 0.8

const bandsOf = (frames: readonly DataFrame[]): Band[] =>
  frames.flatMap((frame) => {
    const [time, field] = frame.fields
    if (time === undefined || field === undefined) return []
    const times = time.values as number[]
    const step = (times[1] ?? 0) - (times[0] ?? 0)
    return [{ name: getFieldDisplayName(field, frame), field, spans: spansOf(times, field.values, step) }]
  })

interface BandProps {
  readonly band: Band
  readonly timeRange: TimeRange
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

function BandLine({ band: { field, spans }, timeRange, left, top, width, height }: BandProps) {
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()]
  const at = (time: number): number => left + (Math.min(Math.max(time, from), to) - from) * (width / (to - from))
  const opacity = ((field.config.custom as { fillOpacity?: number } | undefined)?.fillOpacity ?? 70) / 100
  return spans.map((span) => {
    const shown = field.display?.(span.value)
    const text = shown === undefined ? '' : formattedValueToString(shown)
    const [x, end] = [at(span.from), at(span.to)]
    const fits = measureText(text, 12).width + 8 < end - x && height >= 12
    return (
      <g key={span.from}>
        <rect
          x={x}
          y={top}
          width={Math.max(0, end - x)}
          height={height}
          fill={shown?.color ?? 'gray'}
          fillOpacity={opacity}
        />
        {fits && (
          <text x={x + 4} y={top + height / 2} dominantBaseline="central" fontSize={12} fill="currentColor">
            {text}
          </text>
        )}
      </g>
    )
  })
}

/** One entry for each state that is seen. */
function legendOf(bands: readonly Band[]) {
  const seen = new Map<string, string>()
  for (const { field, spans } of bands)
    for (const { value } of spans) {
      const shown = field.display?.(value)
      if (shown !== undefined) seen.set(formattedValueToString(shown), shown.color ?? 'gray')
    }
  return [...seen].map(([label, color]) => ({ label, color, yAxis: 1 }))
}

/** States over time as bands; drawn by ourselves, since Grafana does not publish its own. */
export function StateTimelineViz({ frames, timeRange, width, height }: VizProps) {
  const bands = bandsOf(frames)
  const left = Math.ceil(Math.min(width / 2, Math.max(...bands.map(({ name }) => measureText(name, 12).width)) + 10))
  const inner = { left, width: width - left - 8 }
  const line = (height - legendHeight - axisHeight) / Math.max(1, bands.length)
  return (
    <>
      <svg width={width} height={height - legendHeight}>
        {bands.map((band, at) => (
          <g key={band.name}>
            <text
              x={left - 6}
              y={(at + 0.5) * line}
              textAnchor="end"
              dominantBaseline="central"
              fontSize={12}
              fill="currentColor"
            >
              {band.name}
            </text>
            <BandLine
              band={band}
              timeRange={timeRange}
              {...inner}
              top={(at + (1 - fill) / 2) * line}
              height={line * fill}
            />
          </g>
        ))}
        <TimeAxis timeRange={timeRange} {...inner} top={height - legendHeight - axisHeight} />
      </svg>
      <VizLegend items={legendOf(bands)} displayMode={LegendDisplayMode.List} placement="bottom" />
    </>
  )
}
