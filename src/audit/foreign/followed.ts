import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { ForeignSource } from './config.ts'
import { cutLines, longestLine } from './cut-lines.ts'
import { continues, markAt, readBytes } from './mark.ts'
import { readLine, type ForeignLine } from './read-line.ts'
import type { ForeignStore, KnownFile } from './store.ts'

const chunkSize = 4 * longestLine
const longestTrail = 32

/** A file that is open, and read as it grows. It stays open when it is renamed: its writer may not have noticed yet. */
export interface Followed {
  readonly handle: FileHandle
  file: KnownFile
  /** As it was when there was nothing more to read. */
  seen: { readonly size: number; readonly changed: number } | undefined
  /** Where it was left before, newest last: a copy of it may end there. */
  readonly trail: KnownFile[]
  /** Since when its path leads elsewhere, monotonic ms. */
  lostAt: number | undefined
}

export interface Opened {
  readonly handle: FileHandle
  readonly device: string
  readonly inode: string
}

/** Opens what stands under a path; undefined if that is no regular file. A pipe must not make us wait. */
export async function openFile(path: string): Promise<Opened | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stat = await handle.stat({ bigint: true })
  if (stat.isFile()) return { handle, device: String(stat.dev), inode: String(stat.ino) }
  await handle.close()
  return undefined
}

/** `truncated`: what was read before is not there any more. */
export type Drained = 'end' | 'more' | 'truncated'

export type Count = (source: string, lines: readonly ForeignLine[]) => void

/** Reads one piece further, and keeps it. The file is checked after reading: what was emptied meanwhile is not kept. */
async function step(followed: Followed, fields: ForeignSource, store: ForeignStore, count: Count): Promise<Drained> {
  const { handle, file } = followed
  const { size, mtimeMs: changed } = await handle.stat()
  if (followed.seen?.size === size && followed.seen.changed === changed) return 'end'
  const chunk = await readBytes(handle, file.offset, file.offset + chunkSize)
  if (!(await continues(handle, file.offset, file.mark))) return 'truncated'
  const { lines: raw, next } = cutLines(chunk, file)
  const lines = raw.map((line) => readLine(line, fields)).filter((line) => line !== undefined)
  if (next.offset !== file.offset) {
    const reading = { ...next, mark: await markAt(handle, next.offset), lines }
    await store.save(file, reading)
    followed.file = { ...file, ...next, mark: reading.mark }
    followed.trail.push(file)
    if (followed.trail.length > longestTrail) followed.trail.shift()
    count(file.source, lines)
  }
  if (chunk.length === chunkSize) return 'more'
  followed.seen = { size, changed }
  return 'end'
}

/** Pieces of one file before it is the next one's turn. */
const fair = 16

export async function drain(
  followed: Followed,
  fields: ForeignSource,
  store: ForeignStore,
  count: Count,
): Promise<Drained> {
  for (let i = 0; i < fair; i++) {
    const outcome = await step(followed, fields, store, count)
    if (outcome !== 'more') return outcome
  }
  return 'more'
}

/** The last line of a file that nobody writes to any more, though it lacks its end. */
export async function finish(
  { handle, file }: Followed,
  fields: ForeignSource,
  store: ForeignStore,
  count: Count,
): Promise<void> {
  const bytes = await readBytes(handle, file.offset, file.offset + longestLine)
  const line = file.skipping ? undefined : readLine({ bytes, cut: false }, fields)
  if (line === undefined || !(await continues(handle, file.offset, file.mark))) return
  const offset = file.offset + bytes.length
  await store.save(file, { offset, skipping: false, mark: await markAt(handle, offset), lines: [line] })
  count(file.source, [line])
}
