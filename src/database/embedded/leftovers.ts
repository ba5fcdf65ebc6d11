import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Databases kept below `shared` whose data directory is gone (a removed clone). They may be someone's only copy, so
 * they are named to the user and never deleted.
 */
export function findLeftovers(shared: string): string[] {
  if (!existsSync(shared)) return []
  return readdirSync(shared)
    .filter((name) => name.startsWith('data-'))
    .map((name) => join(shared, name))
    .filter((home) => {
      const note = join(home, 'belongs-to')
      if (!existsSync(note)) return false
      const link = readFileSync(note, 'utf8').trim()
      return lstatSync(link, { throwIfNoEntry: false }) === undefined
    })
}
