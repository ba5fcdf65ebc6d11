import { existsSync } from 'node:fs'

const remembered = 2000

/** Paths that were missing when last asked for. */
export interface Missing {
  add(path: string): void
  /** Whether the path was missing before and is so still. */
  still(path: string): boolean
}

/** Looking whether a missing file has come costs a quarter of failing to open it, and most hardware never comes. */
export function createMissing(): Missing {
  const paths = new Set<string>()
  return {
    add(path) {
      if (paths.size < remembered) paths.add(path)
    },
    still(path) {
      if (!paths.has(path)) return false
      if (!existsSync(path)) return true
      paths.delete(path)
      return false
    },
  }
}
