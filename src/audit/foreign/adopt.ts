import { stat } from 'node:fs/promises'
import type { Logger } from '../../lib/logger.ts'
import type { ForeignSource } from './config.ts'
import { rotatedFrom } from './discover.ts'
import { openFile, type Count, type Followed, type Opened } from './followed.ts'
import { continues, nothingRead } from './mark.ts'
import type { ForeignStore, KnownFile } from './store.ts'

/** One source, and where it stands. Files are known by device and inode, and by what stands before where they were left. */
export interface Following {
  readonly name: string
  readonly fields: ForeignSource
  readonly store: ForeignStore
  readonly log: Logger
  readonly count: Count
  readonly followed: Map<string, Followed>
  readonly known: Map<string, KnownFile>
  /** Paths whose trouble was told. */
  readonly told: Set<string>
}

type Place = Pick<KnownFile, 'offset' | 'skipping' | 'mark'>

/** Files of one source that are open at once. */
const most = 256

export const keyOf = ({ device, inode }: Pick<Opened, 'device' | 'inode'>): string => `${device}:${inode}`

async function keyAt(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found?.isFile() === true ? `${found.dev}:${found.ino}` : undefined
}

async function follow(following: Following, opened: Opened, path: string, from: Place): Promise<void> {
  const { handle, device, inode } = opened
  const { offset, skipping, mark } = from
  try {
    const file = await following.store.add({ source: following.name, path, device, inode, offset, skipping, mark })
    following.followed.set(keyOf(file), { handle, file, seen: undefined, trail: [], lostAt: undefined })
    following.known.set(keyOf(file), file)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Where a file that is new here goes on: a copy of one that is known, where that one was left. */
async function placeOfCopy({ followed, known }: Following, { handle }: Opened): Promise<Place> {
  const open = [...followed.values()].flatMap(({ file, trail }) => [file].concat(trail.toReversed()))
  for (const origin of [...open, ...known.values()]) {
    if (origin.offset > 0 && (await continues(handle, origin.offset, origin.mark))) return origin
  }
  return nothingRead
}

/** What was not read yet of a file that was emptied, if somebody made a copy of it before. */
export async function rescue(following: Following, file: KnownFile): Promise<void> {
  const taken = (opened: Opened): boolean => following.followed.has(keyOf(opened))
  const copy = await rotatedFrom(file, 'copied', taken)
  if (copy !== undefined) await follow(following, copy, file.path, file)
}

async function adopt(following: Following, path: string): Promise<void> {
  const opened = await openFile(path)
  if (opened === undefined) return
  const before = following.known.get(keyOf(opened))
  if (before === undefined) return follow(following, opened, path, await placeOfCopy(following, opened))
  if (await continues(opened.handle, before.offset, before.mark)) return follow(following, opened, path, before)
  await rescue(following, before)
  await follow(following, opened, path, nothingRead)
}

/** A file that cannot be read must not keep us from the others; a database that cannot be written does. */
function cannotRead({ told, log }: Following, path: string, error: unknown): void {
  const ofFile = error instanceof Error && 'syscall' in error && /^(open|read|stat|fstat)$/.test(String(error.syscall))
  if (!ofFile) throw error
  if (!told.has(path) && told.size < most) log.warn({ err: error, path }, 'a foreign audit file cannot be read')
  told.add(path)
}

/** Follows what newly stands under these paths. Resolves with all that stands there. */
export async function discover(following: Following, paths: readonly string[]): Promise<Set<string>> {
  const { followed, told, log } = following
  const present = new Set<string>()
  for (const path of paths) {
    const key = await keyAt(path)
    if (key === undefined || present.has(key)) continue
    present.add(key)
    const entry = followed.get(key)
    if (entry !== undefined) Object.assign(entry, { lostAt: undefined, file: { ...entry.file, path } })
    else if (followed.size < most) await adopt(following, path).catch((error) => cannotRead(following, path, error))
    else if (!told.has('')) {
      told.add('')
      log.warn({ source: following.name }, `more than ${most} foreign audit files; the others are not read`)
    }
  }
  return present
}

/** Files that were renamed to where no pattern leads while Aura was away. */
export async function seekRenamed(following: Following, present: ReadonlySet<string>): Promise<void> {
  const { known, followed } = following
  for (const file of known.values()) {
    if (present.has(keyOf(file)) || followed.has(keyOf(file)) || followed.size >= most) continue
    const renamed = await rotatedFrom(file, 'renamed', () => false)
    if (renamed !== undefined) await follow(following, renamed, file.path, file)
  }
}
