import type { Json } from '../../audit/types.ts'
import { InvalidRequestError } from '../../errors.ts'
import type { ApprovalKind } from '../types.ts'

/** An installed model, as far as its deletion is concerned. */
export interface Installed {
  readonly name: string
  /** Hex; a model pulled anew under the same name is another one. */
  readonly digest: string
  /** Bytes on disk. */
  readonly size: number | undefined
}

/** What the kind needs of Ollama. Both reject when it fails. */
export interface ModelStore {
  installed(): Promise<readonly Installed[]>
  /** Resolves with false where there was no such model any more. */
  remove(name: string): Promise<boolean>
}

interface Args {
  readonly model: string
  readonly digest: string
  readonly size: number
}

function argsOf(args: Json): Args {
  const { model, digest, size } = (typeof args === 'object' && args !== null ? args : {}) as Readonly<
    Record<string, Json>
  >
  if (typeof model === 'string' && typeof digest === 'string' && typeof size === 'number')
    return { model, digest, size }
  throw new InvalidRequestError('The deletion of a model names model, digest and size')
}

const sizeOf = (bytes: number): string => (bytes === 0 ? '' : ` (${(bytes / 1e9).toFixed(1)} GB)`)

/** Ollama's own list is the only judge of names: nothing else of a request reaches it. */
async function find(models: ModelStore, name: string): Promise<Installed | undefined> {
  const installed = await models.installed().catch((error: unknown) => {
    throw new InvalidRequestError('Ollama does not answer; without its list no model can be named', { cause: error })
  })
  return installed.find((model) => model.name === name)
}

/** What exactly a request for the deletion of `name` asks for. */
export async function modelDeleteArgs(models: ModelStore, name: string): Promise<Json> {
  const found = await find(models, name)
  if (found === undefined) throw new InvalidRequestError('Ollama has no model of this name')
  return { model: found.name, digest: found.digest, size: Math.round(found.size ?? 0) }
}

/** Deletes a model from Ollama: the very one that was named, not another that has its name by then. */
export function createModelDelete(models: ModelStore): ApprovalKind {
  return {
    type: 'model.delete',
    request: 'models:delete',
    approve: 'action:approve',
    async check(args) {
      const { model, digest } = argsOf(args)
      const found = await find(models, model)
      if (found === undefined) throw new InvalidRequestError('Ollama has no model of this name')
      if (found.digest !== digest) throw new InvalidRequestError('The model has changed; load the list anew')
    },
    describe(args) {
      const { model, size } = argsOf(args)
      return `Delete model ${model}${sizeOf(size)}`
    },
    object: (args) => `model:${argsOf(args).model}`,
    async execute(args) {
      const { model, digest } = argsOf(args)
      const found = await find(models, model)
      // After a crash in the middle it may be gone already, which is as good.
      if (found === undefined) return { model, deleted: false, note: 'it was gone already' }
      if (found.digest !== digest) {
        throw new InvalidRequestError('The model was replaced by another after the request; ask again')
      }
      return { model, deleted: await models.remove(model) }
    },
  }
}
