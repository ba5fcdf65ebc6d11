import { glob, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gauge, type Exposition } from '../../../lib/exposition.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Collector } from '../../exporter.ts'
import { mergeFiles, writeFamily, type Merged, type TextFile } from '../textfile/merge.ts'
import { parseTextFamilies } from '../textfile/parse.ts'

export const metrics = {
  mtime: gauge('node_textfile_mtime_seconds', 'Unixtime mtime of textfiles successfully read.', 'file'),
  scrapeError: gauge('node_textfile_scrape_error', '1 if there was an error opening or reading a file, 0 otherwise'),
}

export interface Textfiles extends Merged {
  readonly files: readonly TextFile[]
}

interface Cached extends TextFile {
  readonly version: string
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function directories(pattern: string): Promise<string[]> {
  if (pattern === '') return []
  if (!/[*?[]/.test(pattern)) return [pattern]
  const found: string[] = []
  for await (const path of glob(pattern)) found.push(path)
  return found.toSorted()
}

async function load(path: string, known: Cached | undefined): Promise<Cached> {
  const { mtimeMs, size, ino, ...kind } = await stat(path)
  const version = `${mtimeMs} ${size} ${ino}`
  if (known?.version === version) return known
  // A pipe would wait for a writer for ever.
  if ((kind.mode & 0o170000) !== 0o100000) throw new Error('not a regular file')
  return { path, version, mtime: Math.floor(mtimeMs / 1000), families: parseTextFamilies(await readFile(path, 'utf8')) }
}

/** Says what is wrong when that changes, not at every scrape. */
function createTeller(log: Logger): (faults: readonly string[]) => void {
  let said = ''
  return (faults) => {
    const now = faults.join('; ')
    if (now === said) return
    said = now
    if (now === '') log.info({ collector: 'textfile' }, 'text files are all well again')
    else log.warn({ collector: 'textfile', faults }, 'text files are left out')
  }
}

// Names that another collector has on this page: Prometheus would refuse a page with both.
function writeUnlessTaken(families: Textfiles['families'], out: Exposition): string[] {
  return families.flatMap((family) => {
    if (out.has(family.name)) return [`${family.name} is a metric of this exporter itself`]
    writeFamily(family, out)
    return []
  })
}

/**
 * Metrics that other programs leave as `*.prom` files in a directory (or in each that a pattern like `/var/lib/x/*`
 * names). A file that cannot be read or parsed is left out as a whole, and said so; the others are published.
 */
export function createTextfile(pattern: string, log: Logger): Collector<Textfiles> {
  let cache = new Map<string, Cached>()
  const tell = createTeller(log)

  async function readDirectory(directory: string, faults: string[]): Promise<Cached[]> {
    const names = await readdir(directory).catch((error: unknown) => {
      faults.push(messageOf(error))
      return []
    })
    const files: Cached[] = []
    for (const name of names.filter((entry) => entry.endsWith('.prom')).toSorted()) {
      const path = join(directory, name)
      try {
        files.push(await load(path, cache.get(path)))
      } catch (error) {
        faults.push(`${path}: ${messageOf(error)}`)
      }
    }
    return files
  }

  return {
    name: 'textfile',
    async read() {
      const faults: string[] = []
      const files: Cached[] = []
      for (const directory of await directories(pattern)) files.push(...(await readDirectory(directory, faults)))
      cache = new Map(files.map((file) => [file.path, file]))
      const merged = mergeFiles(files)
      return { files, families: merged.families, faults: [...faults, ...merged.faults] }
    },
    write({ files, families, faults }, out) {
      const taken = writeUnlessTaken(families, out)
      for (const { path, mtime } of files) out.set(metrics.mtime, mtime, path)
      out.set(metrics.scrapeError, faults.length + taken.length === 0 ? 0 : 1)
      tell([...faults, ...taken])
    },
  }
}
