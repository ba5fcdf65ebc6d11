import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { createSampler } from '../../src/otel/sampler.ts'
import { otlpConfigured } from '../../src/otlp-configured.ts'

const config = { otlp_endpoint: '', service_name: 'aura', metrics_interval: '60s' }
// Low and high as the ratio sampler reads ids.
const ids = ['00000001000000000000000000000000', 'ffffffff000000000000000000000000']

/** Which of the two trace ids are sampled, for a caller with these flags; undefined: without caller. */
function sampled(sampler: string, samplerArg: string, flags: number | undefined): boolean[] {
  const made = createSampler({ sampler, samplerArg })
  return ids.map((traceId) => {
    const caller = { traceId, spanId: '00f067aa0ba902b7', traceFlags: flags ?? 0, isRemote: true }
    const parent = flags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller)
    return (
      made.shouldSample(parent, traceId, 'x', SpanKind.SERVER, {}, []).decision === SamplingDecision.RECORD_AND_SAMPLED
    )
  })
}

test.each([
  ['', '', undefined, [true, true]],
  ['', '', 1, [true, true]],
  ['', '', 0, [false, false]],
  ['nonsense', '', undefined, [true, true]],
  ['always_off', '', 1, [false, false]],
  ['always_on', '', 0, [true, true]],
  ['parentbased_always_off', '', 1, [false, false]],
  ['parentbased_traceidratio', '0.5', undefined, [true, false]],
  // A caller cannot ask for more than the share.
  ['parentbased_traceidratio', '0.5', 1, [true, false]],
  ['parentbased_traceidratio', '0.5', 0, [false, false]],
  ['traceidratio', '0', 1, [false, false]],
  ['traceidratio', 'much', undefined, [true, true]],
] as const)('%s(%s), caller %s: %s', (name, argument, flags, expected) => {
  expect(sampled(name, argument, flags)).toEqual(expected)
})

const of = (env: Record<string, string>, otlp_endpoint = '') => {
  const { traces, metrics } = otlpConfigured({ ...config, otlp_endpoint }, env)
  return [traces, metrics]
}

test('what is sent is what was asked for', () => {
  expect(of({})).toEqual([false, false])
  expect(of({}, 'http://127.0.0.1:4318')).toEqual([true, true])
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' })).toEqual([true, true])
  expect(of({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a' })).toEqual([true, false])
  expect(of({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://a' })).toEqual([false, true])
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_TRACES_EXPORTER: 'none' })).toEqual([false, true])
  expect(of({ OTEL_SDK_DISABLED: 'true' }, 'http://a')).toEqual([false, false])
})
