import { counter, gauge, type Exposition } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { InstalledModel, LoadedModel } from '../api.ts'
import { mergeByName, type ModelInMemory } from '../memory.ts'
import type { Poll } from '../poll.ts'
import type { OllamaSource } from '../source.ts'

const model = ['model', 'family', 'quant'] as const

export const metrics = {
  count: gauge('ollama_loaded_models', 'Number of models in memory.'),
  running: gauge('ollama_running_models', 'A model in memory.', 'model', 'model_name'),
  loaded: gauge('ollama_model_loaded', 'Whether a model is in memory; 0 for every other installed model.', ...model),
  memory: gauge(
    'ollama_model_memory_bytes',
    'Memory of any kind that Ollama estimates a loaded model to take.',
    'model',
    'model_name',
  ),
  vram: gauge('ollama_model_vram_bytes', "GPU memory in Ollama's estimate of a loaded model.", ...model),
  ram: gauge('ollama_model_ram_bytes', 'The rest of that estimate: what spills out of GPU memory.', 'model'),
  spill: gauge('ollama_model_spill_ratio', 'Part of a loaded model that is not in GPU memory, 0 to 1.', 'model'),
  expires: gauge(
    'ollama_model_expires_timestamp_seconds',
    'When an idle model will be unloaded, in seconds since the epoch; absent if pinned, past while it is overdue but busy.',
    'model',
  ),
  pinned: gauge('ollama_model_pinned', 'Whether a loaded model is to stay for ever (keep_alive -1).', 'model'),
  context: gauge('ollama_model_context_length', 'Context length with which a model is loaded, in tokens.', 'model'),
  loads: counter('ollama_model_load_total', 'Loads of a model seen since start.', 'model'),
  unloads: counter('ollama_model_unload_total', 'Unloads of a model seen since start.', 'model'),
}

export interface PsReading {
  readonly loaded: readonly LoadedModel[]
  /** Undefined if /api/tags failed or took long: then the zeros of `ollama_model_loaded` are not known. */
  readonly installed: readonly InstalledModel[] | undefined
}

/** /api/tags reads manifests from disk and may be slow; what is in memory must not wait long for it. */
const patience = 1000

/** The models in memory, and the loads and unloads seen. The counters outlive any failure of Ollama. */
export function createPs(source: Pick<OllamaSource, 'ps' | 'tags' | 'counts'>, poll: Poll): Collector<PsReading> {
  const writeCounts = (out: Exposition): void => {
    for (const [name, { loads, unloads }] of source.counts) {
      out.set(metrics.loads, loads, name)
      out.set(metrics.unloads, unloads, name)
    }
  }
  return {
    name: 'ps',
    async read(signal) {
      const abort = new AbortController()
      const tags = source.tags(AbortSignal.any([signal, abort.signal])).catch(() => undefined)
      try {
        const loaded = await source.ps(signal)
        const timer = setTimeout(() => abort.abort(), patience)
        const installed = await tags.finally(() => clearTimeout(timer))
        return { loaded, installed }
      } finally {
        abort.abort()
        poll.scraped()
      }
    },
    write(reading, out) {
      writeStatus(reading, out)
      writeCounts(out)
    },
    writeFailure: (_error, out) => writeCounts(out),
  }
}

function writeStatus({ loaded, installed }: PsReading, out: Exposition): void {
  const inMemory = mergeByName(loaded)
  out.set(metrics.count, loaded.length)
  for (const entry of inMemory.values()) writeModel(entry, out)
  const others = new Map(installed?.map((entry) => [entry.name, entry.details]))
  for (const [name, { family, quantizationLevel }] of others) {
    if (!inMemory.has(name)) out.set(metrics.loaded, 0, name, family, quantizationLevel)
  }
}

function writeModel(entry: ModelInMemory, out: Exposition): void {
  const { name, details, size, sizeVram } = entry
  out.set(metrics.running, 1, name, name)
  out.set(metrics.loaded, 1, name, details.family, details.quantizationLevel)
  out.set(metrics.memory, size, name, name)
  out.set(metrics.vram, sizeVram, name, details.family, details.quantizationLevel)
  out.set(metrics.ram, entry.ram, name)
  out.set(metrics.spill, entry.spill, name)
  out.set(metrics.expires, entry.expiresAt, name)
  out.set(metrics.pinned, entry.pinned ? 1 : 0, name)
  out.set(metrics.context, entry.contextLength, name)
}
