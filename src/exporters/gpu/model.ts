import { readFile } from 'node:fs/promises'

/**
 * Name of the Ollama model whose weights are the blob `sha256:<64 hex digits>`; undefined if that is not known. Its
 * owner learns it from Ollama: `blobDigest` of the `modelfile` that `/api/show` returns.
 */
export type ModelOfBlob = (digest: string) => string | undefined

/** The blob that a path or a modelfile's FROM line names (`…/blobs/sha256-<hex>`), as `sha256:<hex>`. */
export function blobDigest(text: string): string | undefined {
  const [, hex] = /[/\\]blobs[/\\]sha256-([0-9a-f]{64})(?![0-9a-f])/.exec(text) ?? []
  return hex === undefined ? undefined : `sha256:${hex}`
}

/**
 * The model that an Ollama runner serves, from its command line (`/proc/<pid>/cmdline`, arguments ended by NUL):
 * the blob given by `--model`, not one of an adapter or projector. Empty if that is not known: never a guess.
 */
export function modelOfCommandLine(commandLine: string, modelOf: ModelOfBlob): string {
  const words = commandLine.split('\0')
  const at = words.findIndex((word) => word === '--model' || word === '-m' || word.startsWith('--model='))
  const word = words[at]
  if (word === undefined) return ''
  const digest = blobDigest(word.startsWith('--model=') ? word : (words[at + 1] ?? ''))
  return (digest !== undefined && modelOf(digest)) || ''
}

/** Finds the Ollama model that a process serves; empty if there is none. */
export type ModelOfProcess = (pid: string) => Promise<string>

/** Looks processes up in a proc file system; a process of another container or user has no model. */
export function createModelOfProcess(procfs: string, modelOf: ModelOfBlob | undefined): ModelOfProcess {
  return async (pid) => {
    if (modelOf === undefined) return ''
    try {
      return modelOfCommandLine(await readFile(`${procfs}/${pid}/cmdline`, 'utf8'), modelOf)
    } catch {
      return ''
    }
  }
}
