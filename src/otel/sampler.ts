import { createRequire } from 'node:module'
import type * as Trace from '@opentelemetry/sdk-trace'
import type { Otlp } from '../otlp-configured.ts'

/** 0 to 1; anything else is all, as the specification has it. */
function ratioOf(text: string): number {
  const ratio = Number(text)
  return text !== '' && ratio >= 0 && ratio <= 1 ? ratio : 1
}

/**
 * `OTEL_TRACES_SAMPLER`, with one difference for `parentbased_…` (the default is `parentbased_always_on`): a caller
 * that asks for a trace gets what one of our own would get, not more. Anybody can set that flag, and the console always
 * does; a caller that wants no trace gets none.
 */
export function createSampler({ sampler, samplerArg }: Pick<Otlp, 'sampler' | 'samplerArg'>): Trace.Sampler {
  const trace: typeof Trace = createRequire(import.meta.url)('@opentelemetry/sdk-trace')
  const [, parentBased, name] = /^(parentbased_)?(always_on|always_off|traceidratio)$/.exec(sampler) ?? [
    '',
    'parentbased_',
    'always_on',
  ]
  const root =
    name === 'always_off'
      ? new trace.AlwaysOffSampler()
      : name === 'traceidratio'
        ? new trace.TraceIdRatioBasedSampler(ratioOf(samplerArg))
        : new trace.AlwaysOnSampler()
  return parentBased ? new trace.ParentBasedSampler({ root, remoteParentSampled: root }) : root
}
