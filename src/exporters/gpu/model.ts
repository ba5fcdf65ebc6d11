import { readFile } from 'node:fs/promises'

/**
 * Blob digest (`sha256:<64 hex digits>`) -> name of the Ollama model stored in it. The owner of the map makes it from
 * what Ollama says: `blobDigest` of the `modelfile` that `/api/show` returns, for each model in `/api/ps`.
 */
export type ModelsByBlob = ReadonlyMap<string, string>

/** The blob that a path or a modelfile's FROM line names (`…/blobs/sha256-<hex>`), as `sha256:<hex>`. */
export function blobDigest(text: string): string | undefined {
  const [, hex] = /[/\\]blobs[/\\]sha256-([0-9a-f]{64})(?![0-9a-f])/.exec(text) ?? []
  return hex === undefined ? undefined : `sha256:${hex}`
}

/**
 * The model that an Ollama runner serves, from its command line (`/proc/<pid>/cmdline`, arguments ended by NUL):
 * the blob given by `--model`, not one of an adapter or projector. Empty if that is not known: never a guess.
 */
export function modelOfCommandLine(commandLine: string, models: ModelsByBlob): string {
  const words = commandLine.split('\0')
  const at = words.findIndex((word) => word === '--model' || word === '-m' || word.startsWith('--model='))
  const word = words[at]
  if (word === undefined) return ''
  const digest = blobDigest(word.startsWith('--model=') ? word : (words[at + 1] ?? ''))
  return (digest !== undefined && models.get(digest)) || ''
}

/** Finds the Ollama model that a process serves. */
export type ModelOfProcess = (pid: string) => Promise<string>

/** Looks processes up in a proc file system; a process of another container or user has no model. */
export function createModelOfProcess(procfs: string, models: () => ModelsByBlob): ModelOfProcess {
  return async (pid) => {
    const known = models()
    if (known.size === 0) return ''
    try {
      return modelOfCommandLine(await readFile(`${procfs}/${pid}/cmdline`, 'utf8'), known)
    } catch {
      return ''
    }
  }
}
