import { parseDuration } from '../../lib/duration.ts'
import type { Metric } from '../../lib/exposition.ts'
import type { Exporter, ExporterDeps } from '../exporter.ts'
import { createBlobs, metrics as blobMetrics } from './collectors/blobs.ts'
import { createPs, metrics as psMetrics } from './collectors/ps.ts'
import { createRelay } from './collectors/relay.ts'
import { createTags, metrics as tagsMetrics } from './collectors/tags.ts'
import { createVersion, metrics as versionMetrics } from './collectors/version.ts'
import type { OllamaConfig } from './config.ts'
import type { DigestIndex } from './digests.ts'
import { createPoll } from './poll.ts'
import { createOllamaSource } from './source.ts'

export interface OllamaOptions extends OllamaConfig {
  /** Where Ollama answers; may carry `user:password@` and a path prefix. */
  readonly url: string
  /** Bearer token; empty for none. */
  readonly token: string
}

export interface OllamaExporter extends Exporter {
  /** Finds the model whose manifest or weights file a process was started with. */
  readonly digests: DigestIndex
}

const declared: readonly Metric[] = [versionMetrics, tagsMetrics, psMetrics, blobMetrics].flatMap((metrics) =>
  Object.values<Metric>(metrics),
)

/** Publishes one Ollama server: whether it is up, its models, and which of them are in memory. */
export function createOllamaExporter(options: OllamaOptions, _deps: ExporterDeps): OllamaExporter {
  const { url, token, max_response_bytes: maxBytes } = options
  const source = createOllamaSource({ url, token, maxBytes })
  const poll = createPoll(source, parseDuration(options.poll_interval))
  const ours = new Set(declared.map((metric) => metric.name))
  return {
    prefix: 'ollama',
    collectors: [
      createVersion(source),
      createTags(source),
      createPs(source, poll),
      createBlobs(source),
      createRelay(source, parseDuration(options.relay_interval), ours),
    ],
    digests: source.digests,
    async stop() {
      poll.stop()
      source.close()
    },
  }
}
