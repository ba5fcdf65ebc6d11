import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Properties that udev keeps of a device, such as `ID_MODEL`; empty if it keeps none. */
export type UdevFacts = ReadonlyMap<string, string>

const none: UdevFacts = new Map()

/** The `E:KEY=value` lines of a file in udev's database. */
export function parseUdev(text: string): UdevFacts {
  const facts = new Map<string, string>()
  for (const line of text.split('\n')) {
    const split = line.indexOf('=')
    if (split > 0 && line.startsWith('E:')) facts.set(line.slice(2, split), line.slice(split + 1))
  }
  return facts
}

/** Looks devices up by udev's file name (`b8:0`). A file is read anew only after it was written anew. */
export function createUdev(root: string, directory: string): (name: string) => UdevFacts {
  const known = new Map<string, { facts: UdevFacts; written: number }>()
  return (name) => {
    const path = join(root, directory, name)
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (written === undefined) return none
    const before = known.get(name)
    if (before?.written === written) return before.facts
    const facts = parseUdev(readFileSync(path, 'utf8'))
    known.set(name, { facts, written })
    return facts
  }
}
