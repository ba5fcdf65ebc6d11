import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Databases kept below `shared` whose data directory is gone (a removed clone). They may be someone's only copy, so
 * they are named to the user and never deleted. Those of which this user may not know are none of its business.
 */
export function findLeftovers(shared: string): string[] {
  if (!existsSync(shared)) return []
  return readdirSync(shared)
    .filter((name) => name.startsWith('data-'))
    .map((name) => join(shared, name))
    .filter((home) => isOrphaned(join(home, 'belongs-to')))
}

function isOrphaned(note: string): boolean {
  try {
    if (!existsSync(note)) return false
    const link = readFileSync(note, 'utf8').trim()
    return lstatSync(link, { throwIfNoEntry: false }) === undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return false
    throw error
  }
}
