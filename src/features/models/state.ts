import type { InstalledModel } from '../../exporters/ollama/api.ts'
import { mergeByName, type ModelInMemory } from '../../exporters/ollama/memory.ts'
import type { PsReading } from '../../exporters/ollama/collectors/ps.ts'
import { reasonOf } from '../lib/failing.ts'
import { known } from '../lib/rates.ts'
import { createSince } from '../lib/since.ts'
import type { ModelsStatus } from './contract.ts'

type Model = ModelsStatus['models'][number]

/** What one look at Ollama brought; absent is what failed. */
export interface OllamaReadings {
  readonly version?: string
  readonly tags?: readonly InstalledModel[]
  readonly ps?: PsReading
}

export interface Look {
  readonly readings: OllamaReadings
  readonly failures: ReadonlyMap<string, unknown>
  /** ms since the epoch. */
  readonly time: number
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000)

function modelOf(name: string, installed: InstalledModel | undefined, memory: ModelInMemory | undefined): Model {
  const details = installed?.details ?? memory?.details
  return {
    name,
    family: details?.family ?? '',
    parameters: details?.parameterSize ?? '',
    quantization: details?.quantizationLevel ?? '',
    size: installed?.size ?? 0,
    loaded: memory !== undefined,
    pinned: memory?.pinned ?? false,
    ...known({
      modified: milliseconds(installed?.modifiedAt),
      vram: memory?.sizeVram,
      ram: memory?.ram,
      context: memory?.contextLength,
      expires: milliseconds(memory?.expiresAt),
    }),
  }
}

/** Installed models and those in memory, by name; a model deleted while it is in memory is still shown. */
export function modelsOf(tags: readonly InstalledModel[], { loaded }: PsReading): Model[] {
  const installed = new Map(tags.map((model) => [model.name, model]))
  const inMemory = mergeByName(loaded)
  const names = [...new Set([...installed.keys(), ...inMemory.keys()])].toSorted()
  return names.map((name) => modelOf(name, installed.get(name), inMemory.get(name)))
}

/** Adds since when each model is loaded, or not, as far as its change was seen. */
function createChanges(): (models: readonly Model[], time: number) => Model[] {
  let last: ReadonlyMap<string, Model> | undefined
  return (models, time) => {
    const before = last
    const next = models.map((model) => {
      const earlier = before?.get(model.name)
      // A model that is new here has changed if it came loaded, and only if we were looking.
      const changed = earlier === undefined ? before !== undefined && model.loaded : earlier.loaded !== model.loaded
      return { ...model, ...known({ since: changed ? time : earlier?.since }) }
    })
    last = new Map(next.map((model) => [model.name, model]))
    return next
  }
}

function totalsOf(models: readonly Model[], installed: number): ModelsStatus['totals'] {
  const inMemory = models.filter(({ loaded }) => loaded)
  const sum = (key: 'vram' | 'ram'): number => inMemory.reduce((all, model) => all + (model[key] ?? 0), 0)
  return { installed, loaded: inMemory.length, vram: sum('vram'), ram: sum('ram') }
}

/**
 * Turns looks at Ollama into what is shown. While Ollama, or one of its lists, does not answer, what was known is
 * shown on, marked with the time it is from.
 */
export function createModelsState(url: string): (look: Look) => ModelsStatus {
  const upSince = createSince()
  const changes = createChanges()
  let shown: Pick<ModelsStatus, 'models' | 'totals'> = { models: [], totals: totalsOf([], 0) }
  let version: string | undefined
  let freshAt: number | undefined

  return ({ readings, failures, time }) => {
    const up = readings.version !== undefined
    const since = upSince(up, time)
    version = readings.version ?? version
    const { tags, ps } = readings
    const fresh = up && tags !== undefined && ps !== undefined
    if (fresh) {
      const models = changes(modelsOf(tags, ps), time)
      shown = { models, totals: totalsOf(models, new Set(tags.map(({ name }) => name)).size) }
      freshAt = time
    }
    const reason = fresh ? undefined : reasonFor(failures)
    const stale = fresh ? undefined : (freshAt ?? (up ? since : undefined))
    return { ollama: { up, since, url, ...known({ reason, version, stale }) }, ...shown }
  }
}

const reasonFor = (failures: ReadonlyMap<string, unknown>): string => {
  // An exporter that is switched off fails under its own name.
  const causes = [...['version', 'tags', 'ps'].map((name) => failures.get(name)), ...failures.values()]
  const error = causes.find((cause) => cause !== undefined)
  return error === undefined ? 'Ollama does not answer' : reasonOf(error)
}
