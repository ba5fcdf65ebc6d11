import { formattedValueToString, getValueFormat, type DataFrame } from '@grafana/data'
import { apart, type Bucket } from '../../core/buckets.ts'
import { viridis } from '../../core/viridis.ts'
import { axisHeight, TimeAxis } from './time-axis.tsx'
import type { VizProps } from './types.ts'

const left = 70

const bucketsOf = (frames: readonly DataFrame[]): Bucket[] =>
  apart(
    frames.map(({ fields: [, value] }) => ({
      bound: Number((value?.labels?.['le'] ?? '').replace('+Inf', 'Infinity')),
      counts: (value?.values ?? []) as readonly (number | null)[],
    })),
  )

/** Every n-th label, so that they stay 14 pixels apart. */
const labelEvery = (line: number): number => Math.max(1, Math.ceil(14 / line))

/** A histogram over time; drawn by ourselves, since Grafana does not publish its own. */
export function HeatmapViz({ panel, frames, timeRange, width, height }: VizProps) {
  const buckets = bucketsOf(frames)
  const times = (frames[0]?.fields[0]?.values ?? []) as readonly number[]
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()]
  const [inner, bottom] = [width - left - 8, height - axisHeight]
  const line = bottom / Math.max(1, buckets.length)
  const column = (inner * ((times[1] ?? 0) - (times[0] ?? 0))) / (to - from)
  const most = Math.max(1e-9, ...buckets.flatMap(({ counts }) => counts.map((count) => count ?? 0)))
  const format = getValueFormat((panel.options['yAxis'] as { unit?: string } | undefined)?.unit ?? 'short')
  return (
    <svg width={width} height={height}>
      {buckets.map(({ bound, counts }, row) => {
        const y = bottom - (row + 1) * line
        return (
          <g key={bound}>
            {row % labelEvery(line) === 0 && (
              <text
                x={left - 6}
                y={y + line / 2}
                textAnchor="end"
                dominantBaseline="central"
                fontSize={12}
                fill="currentColor"
              >
                {Number.isFinite(bound) ? formattedValueToString(format(bound)) : '+Inf'}
              </text>
            )}
            {counts.map((count, at) => {
              const x = left + (((times[at] ?? 0) - from) / (to - from)) * inner
              if (count === null || count <= 1e-9 || x < left) return null
              const fill = viridis(Math.sqrt(count / most))
              return (
                <rect
                  key={times[at]}
                  x={x}
                  y={y}
                  width={Math.max(1, column - 1)}
                  height={Math.max(1, line - 1)}
                  fill={fill}
                />
              )
            })}
          </g>
        )
      })}
      <TimeAxis timeRange={timeRange} left={left} top={bottom} width={inner} />
    </svg>
  )
}
