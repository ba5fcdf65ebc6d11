import type { Config } from './config/schema.ts'

/** What is to leave over OTLP, and which traces. */
export interface Otlp {
  readonly traces: boolean
  readonly metrics: boolean
  /** `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`; '' where they are unset. */
  readonly sampler: string
  readonly samplerArg: string
}

/**
 * What our own key or the standard variables ask for. An endpoint for one signal sends that signal alone, `none` as its
 * exporter and `OTEL_SDK_DISABLED` send nothing, as OpenTelemetry has it.
 */
export function otlpConfigured({ otlp_endpoint }: Config['telemetry'], env: NodeJS.ProcessEnv): Otlp {
  const given = (name: string): string => (env[name] ?? '').trim()
  const disabled = given('OTEL_SDK_DISABLED').toLowerCase() === 'true'
  const both = otlp_endpoint !== '' || given('OTEL_EXPORTER_OTLP_ENDPOINT') !== ''
  const sent = (signal: 'TRACES' | 'METRICS'): boolean =>
    !disabled &&
    given(`OTEL_${signal}_EXPORTER`) !== 'none' &&
    (both || given(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) !== '')
  return {
    traces: sent('TRACES'),
    metrics: sent('METRICS'),
    sampler: given('OTEL_TRACES_SAMPLER'),
    samplerArg: given('OTEL_TRACES_SAMPLER_ARG'),
  }
}

/** Nothing leaves. */
export const unsent: Otlp = { traces: false, metrics: false, sampler: '', samplerArg: '' }
