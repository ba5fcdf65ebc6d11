import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { OllamaSource } from '../source.ts'

export const metrics = {
  blob: gauge(
    'ollama_model_blob_info',
    "Weights file of a loaded model, by which its runner's process is known.",
    'model',
    'digest',
    'blob',
  ),
}

export interface LoadedBlob {
  readonly model: string
  readonly digest: string
  readonly blob: string
}

/**
 * Which file of weights a loaded model has: a runner's command line names that file, and never the model. /api/show
 * is asked once for each digest.
 */
export function createBlobs(source: Pick<OllamaSource, 'ps' | 'blob' | 'digests'>): Collector<readonly LoadedBlob[]> {
  const known = new Map<string, string | undefined>()
  return {
    name: 'blobs',
    async read(signal) {
      const found = new Map<string, LoadedBlob>()
      for (const { name, digest } of await source.ps(signal)) {
        if (!known.has(digest)) known.set(digest, await source.blob(name, signal))
        const blob = known.get(digest)
        if (blob === undefined) continue
        source.digests.add(blob, name)
        found.set(`${name} ${digest}`, { model: name, digest, blob })
      }
      return [...found.values()]
    },
    write(blobs, out) {
      for (const { model, digest, blob } of blobs) out.set(metrics.blob, 1, model, digest, blob)
    },
  }
}
