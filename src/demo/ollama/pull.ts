import { badRequest } from './failure.ts'
import type { Chunk } from './inference.ts'
import type { Library } from './library.ts'
import { fullName, type SimModel } from './models.ts'
import { sleep } from './wait.ts'

/** Bytes that come in one simulated second. */
const rate = 250e6

/** Progress of /api/pull; the model is installed at the end. Throws what the registry says of a name it does not know. */
export async function* pull(
  name: string,
  registry: readonly SimModel[],
  library: Library,
  timeScale: number,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  if (name === '') throw badRequest('invalid model name')
  yield { status: 'pulling manifest' }
  const model = library.find(name)?.model ?? registry.find((one) => one.name === fullName(name))
  if (model === undefined) throw new Error('pull model manifest: file does not exist')
  const layer = { status: `pulling ${model.blob.slice(0, 12)}`, digest: `sha256:${model.blob}`, total: model.size }
  const known = library.find(name) !== undefined
  yield known ? { ...layer, completed: model.size } : layer
  if (!known) yield* download(layer, model.size, timeScale, signal)
  for (const status of ['verifying sha256 digest', 'writing manifest']) yield { status }
  library.add(name, model)
  yield { status: 'success' }
}

async function* download(layer: Chunk, size: number, timeScale: number, signal: AbortSignal): AsyncGenerator<Chunk> {
  const steps = 24
  for (let step = 1; step <= steps; step++) {
    await sleep(((size / rate) * 1000) / steps / timeScale, signal)
    yield { ...layer, completed: Math.round((size * step) / steps) }
  }
}
