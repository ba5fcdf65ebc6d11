import { OllamaFailure } from './failure.ts'
import type { SimModel } from './models.ts'

export interface Machine {
  /** Bytes of GPU memory; 0 for a machine without a GPU. */
  readonly vram: number
  readonly ram: number
}

export interface Footprint {
  readonly size: number
  readonly vram: number
}

/** Buffers of the computation itself. */
const graph = 320 * 2 ** 20
const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/**
 * Where a model would go beside what is loaded; undefined if something must leave first. The first model may spill to
 * the CPU, a further one must fit whole into the memory of the GPU, or of the machine where there is none.
 */
export function place(
  model: SimModel,
  tokens: number,
  layersWanted: number,
  machine: Machine,
  loaded: readonly Footprint[],
): Footprint | undefined {
  const size = model.size + model.cachePerToken * tokens + graph
  const freeVram = machine.vram - sum(loaded.map((one) => one.vram))
  const freeRam = machine.ram - sum(loaded.map((one) => one.size - one.vram))
  const onGpu = layersWanted === 0 ? 0 : vramShare(model, size, freeVram, layersWanted)
  if (loaded.length > 0) {
    const needsGpu = machine.vram > 0 && layersWanted !== 0
    if (needsGpu ? onGpu < size : size > freeRam) return undefined
  } else if (size - onGpu > freeRam) {
    const need = `model requires more system memory (${gib(size - onGpu)}) than is available (${gib(freeRam)})`
    throw new OllamaFailure(500, need)
  }
  return { size, vram: onGpu }
}

function vramShare(model: SimModel, size: number, free: number, layersWanted: number): number {
  const perLayer = (size - graph) / (model.layers + 1)
  const fitting = Math.max(0, Math.floor((free - graph) / perLayer))
  const layers = Math.min(fitting, layersWanted < 0 ? model.layers + 1 : layersWanted)
  if (layers === 0) return 0
  return layers > model.layers ? size : Math.round(layers * perLayer + graph)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
