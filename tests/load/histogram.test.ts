import { expect, test } from 'vitest'
import { bucketsOf, quantile, since } from '../../load/lib/histogram.ts'

const page = `# TYPE latency_seconds histogram
latency_seconds_count{class="alert"} 8
latency_seconds_bucket{class="alert",le="0.01"} 4
latency_seconds_bucket{class="alert",le="0.05"} 8 # {trace_id="ab"} 0.02 1700000000
latency_seconds_bucket{le="+Inf",class="alert"} 8
latency_seconds_bucket{class="event",le="0.01"} 9
latency_seconds_bucket{class="event",le="+Inf"} 10
`

test('buckets of one class, whatever stands before and behind them', () => {
  expect(bucketsOf(page, 'latency_seconds', 'alert')).toEqual([[0.01, 4], [0.05, 8], [Infinity, 8]]) // prettier-ignore
  expect(bucketsOf(page, 'latency_seconds', 'state')).toEqual([])
})

test('quantiles as histogram_quantile has them', () => {
  const alert = bucketsOf(page, 'latency_seconds', 'alert')
  expect(quantile(0.25, alert)).toBe(0.005)
  expect(quantile(0.5, alert)).toBe(0.01)
  expect(quantile(0.75, alert)).toBeCloseTo(0.03)
  // Beyond the last bound nobody knows how far.
  expect(quantile(0.99, bucketsOf(page, 'latency_seconds', 'event'))).toBe(0.01)
})

test('only what came between two looks counts, and nothing is no number', () => {
  const alert = bucketsOf(page, 'latency_seconds', 'alert')
  expect(quantile(0.5, since([[0.01, 4], [0.05, 4], [Infinity, 4]], alert))).toBeCloseTo(0.03) // prettier-ignore
  expect(quantile(0.5, since(alert, alert))).toBeUndefined()
  expect(quantile(0.5, since([], alert))).toBe(0.01)
  expect(quantile(0.5, [])).toBeUndefined()
})
