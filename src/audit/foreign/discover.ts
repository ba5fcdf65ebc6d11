import { glob, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { openFile, type Opened } from './followed.ts'
import { continues } from './mark.ts'
import type { KnownFile } from './store.ts'

const packed = /\.(gz|bz2|xz|zst|zip)$/

/** Absolute paths that a pattern leads to; a path that is literally there is taken as it is. Packed files are left out. */
export async function pathsOf(pattern: string): Promise<string[]> {
  const found = new Set<string>()
  for await (const path of glob(pattern)) found.add(resolve(path))
  const literal = resolve(pattern)
  if (await stat(literal).catch(() => undefined)) found.add(literal)
  return [...found].filter((path) => !packed.test(path)).toSorted()
}

/** Folder that a pattern's first sign stands in: what to watch while nothing matches yet. */
export function folderOf(pattern: string): string {
  const fixed = resolve(pattern.split(/[*?[{]/, 1)[0] ?? '')
  return pattern.endsWith('/') ? fixed : dirname(`${fixed}x`)
}

/** Files beside a path whose names begin alike: where rotation puts what stood there. */
async function* beside(path: string): AsyncGenerator<Opened> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.toSorted()) {
    if (!name.startsWith(basename(path)) || packed.test(name)) continue
    const opened = await openFile(join(folder, name)).catch(() => undefined)
    if (opened !== undefined) yield opened
  }
}

/** What wanders off when a file is rotated: itself under another name, or a copy of it. The caller closes it. */
export async function rotatedFrom(
  file: KnownFile,
  how: 'renamed' | 'copied',
  taken: (opened: Opened) => boolean,
): Promise<Opened | undefined> {
  for await (const opened of beside(file.path)) {
    const itself = opened.device === file.device && opened.inode === file.inode
    const wanted = itself === (how === 'renamed') && (itself || file.offset > 0) && !taken(opened)
    if (wanted && (await continues(opened.handle, file.offset, file.mark))) return opened
    await opened.handle.close()
  }
  return undefined
}
