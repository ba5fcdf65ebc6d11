import type { LoadedModel } from './api.ts'

/** A name in memory, all its entries in /api/ps taken together. */
export interface ModelInMemory extends LoadedModel {
  /** Bytes outside GPU memory. */
  readonly ram: number | undefined
  /** That as a part of the whole, 0 to 1. */
  readonly spill: number | undefined
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b
const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** After a model was pulled anew, its old and its new weights may both be in memory under one name. */
export function mergeByName(loaded: readonly LoadedModel[]): ReadonlyMap<string, ModelInMemory> {
  const merged = new Map<string, LoadedModel>()
  for (const entry of loaded) {
    const other = merged.get(entry.name)
    merged.set(entry.name, other === undefined ? entry : join(other, entry))
  }
  return new Map([...merged].map(([name, entry]) => [name, withRest(entry)]))
}

function join(a: LoadedModel, b: LoadedModel): LoadedModel {
  const pinned = a.pinned || b.pinned
  return {
    ...b,
    size: sum(a.size, b.size),
    sizeVram: sum(a.sizeVram, b.sizeVram),
    pinned,
    expiresAt: pinned ? undefined : latest(a.expiresAt, b.expiresAt),
    contextLength: latest(a.contextLength, b.contextLength),
  }
}

function withRest(entry: LoadedModel): ModelInMemory {
  const { size, sizeVram } = entry
  if (size === undefined || sizeVram === undefined) return { ...entry, ram: undefined, spill: undefined }
  const ram = Math.max(0, size - sizeVram)
  return { ...entry, ram, spill: size === 0 ? undefined : ram / size }
}
