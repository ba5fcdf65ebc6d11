import { FieldType, toDataFrame, type DataFrame } from '@grafana/data'
import type { Target } from '../core/board.ts'
import { legendOf, plainName } from '../core/interpolate.ts'
import type { Series } from './prometheus.ts'

const finite = (text: string): number | null => (Number.isFinite(Number(text)) ? Number(text) : null)

/** Empty points where a scrape is missing or a quotient has no value, so that lines have gaps there. */
function withGaps(values: Series['values'], from: number, step: number, to: number): [number[], (number | null)[]] {
  const known = new Map(values.map(([at, text]) => [Math.round(at * 1000), finite(text)]))
  const times: number[] = []
  for (let at = from; at <= to; at += step) times.push(Math.round(at * 1000))
  return [times, times.map((at) => known.get(at) ?? null)]
}

/** A frame for each series, named by the legend of its query. */
export function seriesFrames(
  target: Target,
  series: readonly Series[],
  from: number,
  step: number,
  to: number,
): DataFrame[] {
  return series.map(({ metric, values }) => {
    const legend = target.legendFormat ?? ''
    const name = legend === '' ? plainName(metric, target.expr) : legendOf(legend, metric)
    const [times, numbers] =
      target.instant === true
        ? [values.map(([at]) => at * 1000), values.map(([, text]) => Number(text))]
        : withGaps(values, from, step, to)
    return toDataFrame({
      refId: target.refId,
      name,
      fields: [
        { name: 'Time', type: FieldType.time, values: times, config: {} },
        { name: 'Value', type: FieldType.number, values: numbers, labels: metric, config: { displayNameFromDS: name } },
      ],
    })
  })
}

/** One frame with a column for each label, and one row for each series. */
export function tableFrame(target: Target, series: readonly Series[], valueName: string): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].toSorted()
  const columns = labels.map((label) => ({
    name: label,
    type: FieldType.string,
    values: series.map(({ metric }) => metric[label] ?? ''),
    config: {},
  }))
  const last = series.map(({ values }) => values.at(-1))
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: last.map((sample) => (sample?.[0] ?? 0) * 1000), config: {} },
      ...columns,
      { name: valueName, type: FieldType.number, values: last.map((sample) => Number(sample?.[1])), config: {} },
    ],
  })
}
