import type { Exposition } from '../lib/exposition.ts'
import type { Logger } from '../lib/logger.ts'

/**
 * One family of readings from one source. The runner owns time, isolation, health and logging; a collector only
 * reads and writes. A reading is a plain object, taken once, and may be used again by OTLP and the live topics.
 */
export interface Collector<Reading = unknown> {
  /** Value of the `collector` label, and of `collect[]` and `exclude[]`. */
  readonly name: string
  /**
   * Takes one reading. Quick kernel files may be read synchronously; whatever can block must be asynchronous and
   * stop when `signal` aborts. Throws on failure; `UnavailableError` when this machine has no such source.
   */
  read(signal: AbortSignal): Reading | Promise<Reading>
  /** Sets the series of one reading: pure, no I/O. */
  write(reading: Reading, out: Exposition): void
  /** Sets what even a failed read tells (`ollama_up 0`, counters kept here): pure, no I/O. */
  writeFailure?(error: unknown, out: Exposition): void
}

export interface Exporter {
  /** Prefix of `<prefix>_scrape_collector_{duration_seconds,success}`. */
  readonly prefix: string
  readonly collectors: readonly Collector[]
  /** Ends whatever the exporter holds: connections, children, timers. */
  stop?(): Promise<void>
}

/** What the process lends to an exporter. */
export interface ExporterDeps {
  readonly log: Logger
}

/** Every `src/exporters/<name>/index.ts` exports one of these. */
export type ExporterFactory<Options> = (options: Options, deps: ExporterDeps) => Exporter
