import { statSync } from 'node:fs'
import type { Source } from '../source.ts'
import type { Wanted } from './filter.ts'

interface Entry<T> {
  readonly inode: number
  readonly made: T
}

/**
 * Keeps one `T` for each device directory below a /sys directory, for as long as it is the same directory. A device that was
 * renamed or replaced has another inode under the old name: it is made anew, and files held open for it are let go.
 */
export function createDirectoryWatch<T>(
  source: Source,
  parent: string,
  make: (name: string) => T,
): (wanted: Wanted) => T[] {
  let known = new Map<string, Entry<T>>()
  return (wanted) => {
    const now = new Map<string, Entry<T>>()
    for (const name of source.sysList(parent)) {
      if (!wanted(name)) continue
      const path = `${parent}/${name}`
      const stats = statSync(`${source.roots.sys}/${path}`, { throwIfNoEntry: false })
      if (stats === undefined || !stats.isDirectory()) continue
      const before = known.get(name)
      if (before?.inode === stats.ino) now.set(name, before)
      else {
        if (before !== undefined) source.forgetSys(path)
        now.set(name, { inode: stats.ino, made: make(name) })
      }
    }
    for (const name of known.keys()) if (!now.has(name)) source.forgetSys(`${parent}/${name}`)
    known = now
    return [...now.values()].map(({ made }) => made)
  }
}
