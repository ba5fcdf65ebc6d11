import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync, fchownSync } from 'node:fs'

export interface WriteOptions {
  readonly mode?: number
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined
}

/** Replaces a file whole: a reader, or a start after a power cut, sees the old text or the new, never a part. */
export function writeFileAtomic(path: string, text: string, { mode = 0o600, owner }: WriteOptions = {}): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const file = openSync(temporary, 'w', mode)
    try {
      if (owner !== undefined) fchownSync(file, owner.uid, owner.gid)
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
