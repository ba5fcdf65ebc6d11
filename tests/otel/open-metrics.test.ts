import { trace, TraceFlags } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { prefersOpenMetrics, toOpenMetrics } from '../../src/metrics-server/open-metrics.ts'
import { createExemplars } from '../../src/otel/exemplars.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = (traceFlags: number) => trace.wrapSpanContext({ traceId, spanId: '00f067aa0ba902b7', traceFlags })

const page = `# HELP things_total Things "counted".
# TYPE things_total counter
things_total{kind="a"} 3

# HELP odd Counted without the suffix.
# TYPE odd counter
odd 1
# TYPE any untyped
any 2
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{route="/a\\"b",le="0.1"} 1
took_seconds_bucket{route="/a\\"b",le="1"} 2
took_seconds_bucket{route="/a\\"b",le="+Inf"} 2
took_seconds_sum{route="/a\\"b"} 0.55
took_seconds_count{route="/a\\"b"} 2
`

test('classic text becomes OpenMetrics, with the trace behind a bucket', () => {
  const exemplars = createExemplars([0.1, 1], () => 1_700_000_000_500)
  exemplars.keep('took_seconds', { route: '/a"b' }, 0.5, span(TraceFlags.SAMPLED))
  expect(toOpenMetrics(page, exemplars)).toBe(`# HELP things Things "counted".
# TYPE things counter
things_total{kind="a"} 3
# HELP odd Counted without the suffix.
# TYPE odd unknown
odd 1
# TYPE any unknown
any 2
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{route="/a\\"b",le="0.1"} 1
took_seconds_bucket{route="/a\\"b",le="1"} 2 # {trace_id="${traceId}",span_id="00f067aa0ba902b7"} 0.5 1700000000.500
took_seconds_bucket{route="/a\\"b",le="+Inf"} 2
took_seconds_sum{route="/a\\"b"} 0.55
took_seconds_count{route="/a\\"b"} 2
# EOF
`)
})

test('a trace that does not leave is no exemplar; one beyond the last bound is in the last bucket', () => {
  const exemplars = createExemplars([0.1, 1])
  exemplars.keep('took', {}, 0.05, span(TraceFlags.NONE))
  exemplars.keep('took', {}, 0.05, undefined)
  expect(exemplars.of('took', {}, '0.1')).toBeUndefined()
  exemplars.keep('took', {}, 7, span(TraceFlags.SAMPLED))
  expect(exemplars.of('took', {}, '+Inf')?.value).toBe(7)
})

test.each([
  // Prometheus 2.42, then 3.x.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    true,
  ],
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.2',
    true,
  ],
  ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1', false],
  ['application/openmetrics-text;q=0', false],
  ['*/*', false],
  [undefined, false],
])('%s', (accept, open) => {
  expect(prefersOpenMetrics(accept)).toBe(open)
})
