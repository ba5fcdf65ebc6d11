import { readdir, readFile } from 'node:fs/promises'

// None of these can be aborted, on purpose: a driver that hangs blocks a thread of the pool, and a reading that stays
// pending keeps the next scrape from blocking another one.

/** A file of the sys file system, trimmed; undefined if it is missing or refuses (EIO, ENODATA, EACCES, EINVAL, …). */
export async function attribute(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return undefined
  }
}

/** The same for a decimal number, divided by `divisor` (1000 for milli-units). */
export async function quantity(path: string, divisor = 1): Promise<number | undefined> {
  const text = await attribute(path)
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) / divisor : undefined
}

/** Names in a directory, sorted; none if it does not exist. */
export async function entries(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted()
  } catch {
    return []
  }
}
