import { dateTimeFormat, type TimeRange } from '@grafana/data'
import { timeTicks } from '../../core/ticks.ts'

/** Pixels that the labels of the axis take. */
export const axisHeight = 20

interface Props {
  readonly timeRange: TimeRange
  readonly left: number
  readonly top: number
  readonly width: number
}

/** Times below a drawing of our own, in SVG. */
export function TimeAxis({ timeRange, left, top, width }: Props) {
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()]
  const offset = -new Date(to).getTimezoneOffset() * 60_000
  return timeTicks(from, to, Math.max(2, width / 80), offset).map((at) => (
    <text
      key={at}
      x={left + ((at - from) / (to - from)) * width}
      y={top + axisHeight - 5}
      textAnchor="middle"
      fontSize={12}
      fill="currentColor"
    >
      {dateTimeFormat(at, { format: 'HH:mm' })}
    </text>
  ))
}
