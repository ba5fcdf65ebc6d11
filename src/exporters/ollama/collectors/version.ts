import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { OllamaSource } from '../source.ts'

export const metrics = {
  up: gauge('ollama_up', 'Whether the Ollama server is responding.'),
  version: gauge('ollama_version_info', 'Ollama version information.', 'version'),
}

/** Whether Ollama answers at all, and its version. */
export function createVersion(source: Pick<OllamaSource, 'version'>): Collector<string> {
  return {
    name: 'version',
    read: (signal) => source.version(signal),
    write(version, out) {
      out.set(metrics.up, 1)
      out.set(metrics.version, 1, version)
    },
    writeFailure: (_error, out) => out.set(metrics.up, 0),
  }
}
