import { performance } from 'node:perf_hooks'
import { counter, gauge, untyped, type Exposition } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections } from '../connection.ts'

export const metrics = {
  up: gauge(
    'pg_up',
    'Whether the last scrape of metrics from PostgreSQL was able to connect to the server (1 for yes, 0 for no).',
  ),
  static: untyped('pg_static', 'Version string as reported by postgres', 'short_version', 'version'),
  scrapes: counter('pg_exporter_scrapes_total', 'Total number of times PostgreSQL was scraped for metrics.'),
  error: gauge(
    'pg_exporter_last_scrape_error',
    'Whether the last scrape of metrics from PostgreSQL resulted in an error (1 for error, 0 for success).',
  ),
  duration: gauge(
    'pg_exporter_last_scrape_duration_seconds',
    'Duration of the last scrape of metrics from PostgreSQL.',
  ),
}

export interface Up {
  /** Text of `version()`. */
  readonly version: string
  /** `15.13.0`, `18.0.0`. */
  readonly shortVersion: string
  /** Whether any statement of this scrape failed. */
  readonly failed: boolean
  /** Seconds from the first statement of this scrape to the answer to the last. */
  readonly duration: number
}

/** 150013 -> `15.13.0`, the form that postgres_exporter publishes. */
export const shortVersion = (version: number): string => `${Math.floor(version / 10_000)}.${version % 10_000}.0`

/** Whether the server answers, and whether all that this scrape asked of it was answered well. */
export function createUp(db: Connections): Collector<Up> {
  let scrapes = 0
  let start = 0
  const common = (out: Exposition, up: 0 | 1, error: 0 | 1, seconds: number): void => {
    out.set(metrics.up, up)
    out.set(metrics.scrapes, scrapes)
    out.set(metrics.error, error)
    out.set(metrics.duration, seconds)
  }
  return {
    name: 'up',
    async read(signal) {
      scrapes++
      start = performance.now()
      const failures = db.failures
      const session = await db.main(signal)
      const [row] = await db.query('select version()', signal)
      await db.idle()
      return {
        version: row?.[0] ?? '',
        shortVersion: shortVersion(session.version),
        failed: db.failures > failures,
        duration: (performance.now() - start) / 1000,
      }
    },
    write(reading, out) {
      common(out, 1, reading.failed ? 1 : 0, reading.duration)
      out.set(metrics.static, 1, reading.shortVersion, reading.version)
    },
    writeFailure: (_error, out) => common(out, 0, 1, (performance.now() - start) / 1000),
  }
}
