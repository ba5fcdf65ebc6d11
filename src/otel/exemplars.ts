import type { Span } from '@opentelemetry/api'
import { TraceFlags } from '@opentelemetry/api'

/** One measurement that stands for a bucket, and the trace that tells of it. */
export interface Exemplar {
  readonly traceId: string
  readonly spanId: string
  readonly value: number
  /** Seconds since the epoch. */
  readonly at: number
}

/** The newest traced measurement of every bucket of every series. */
export interface Exemplars {
  /** Remembers a measurement if its span leaves; labels as on the page. */
  keep(name: string, labels: Readonly<Record<string, string>>, value: number, span: Span | undefined): void
  /** The one of a bucket line, where there is any. */
  of(name: string, labels: Readonly<Record<string, string>>, le: string): Exemplar | undefined
}

/** Series that may have some; labels are ours, so this is only reached if that is wrong. */
const most = 2000

const keyOf = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name} ${Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .toSorted()
    .join(' ')}`

/** A store for histograms with these upper bounds. */
export function createExemplars(bounds: readonly number[], now: () => number = Date.now): Exemplars {
  const series = new Map<string, Map<string, Exemplar>>()
  return {
    keep(name, labels, value, span) {
      const context = span?.spanContext()
      if (context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0) return
      const key = keyOf(name, labels)
      const buckets = series.get(key) ?? new Map<string, Exemplar>()
      if (buckets.size === 0 && series.size >= most) return
      const bound = bounds.find((upper) => value <= upper)
      const { traceId, spanId } = context
      buckets.set(bound === undefined ? '+Inf' : String(bound), { traceId, spanId, value, at: now() / 1000 })
      series.set(key, buckets)
    },
    of: (name, labels, le) => series.get(keyOf(name, labels))?.get(le),
  }
}
