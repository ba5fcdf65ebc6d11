import { gauge, untyped } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { InstalledModel } from '../api.ts'
import type { OllamaSource } from '../source.ts'

export const metrics = {
  // The name is that of other exporters; as a gauge it would offend promtool, which keeps `_total` for counters.
  total: untyped('ollama_models_total', 'Number of models installed.'),
  info: gauge(
    'ollama_model_info',
    'An installed model.',
    'model',
    'model_name',
    'family',
    'format',
    'parameter_size',
    'quantization_level',
    'parent_model',
    'digest',
  ),
  size: gauge('ollama_model_size_bytes', 'Size of an installed model on disk.', 'model', 'model_name'),
  modified: gauge(
    'ollama_model_modified_timestamp_seconds',
    'When an installed model was last modified, in seconds since the epoch.',
    'model',
    'model_name',
  ),
}

/** The installed models. Two label keys carry the name: `model_name` for boards that exist, `model` to join on. */
export function createTags(source: Pick<OllamaSource, 'tags'>): Collector<readonly InstalledModel[]> {
  return {
    name: 'tags',
    read: (signal) => source.tags(signal),
    write(models, out) {
      const unique = new Map(models.map((model) => [model.name, model]))
      out.set(metrics.total, unique.size)
      for (const { name, digest, size, modifiedAt, details } of unique.values()) {
        const { family, format, parameterSize, quantizationLevel, parentModel } = details
        out.set(metrics.info, 1, name, name, family, format, parameterSize, quantizationLevel, parentModel, digest)
        out.set(metrics.size, size, name, name)
        out.set(metrics.modified, modifiedAt, name, name)
      }
    },
  }
}
