import { discover, keyOf, rescue, seekRenamed, type Following } from './adopt.ts'
import { pathsOf } from './discover.ts'
import { drain, finish, type Drained, type Followed } from './followed.ts'
import { nothingRead } from './mark.ts'

export interface SourceOptions extends Omit<Following, 'followed' | 'known' | 'told'> {
  /** ms, for spans. */
  readonly monotonic: () => number
  /** How long a file that was renamed away must be quiet until nobody writes to it any more, ms. */
  readonly patience: number
}

export interface Source {
  /** Looks for files and reads on in each. Resolves with whether there is more to read at once. */
  turn(): Promise<boolean>
  /** Numbers, in the database, of the files that are followed. */
  files(): string[]
  close(): Promise<void>
}

type Outcomes = Map<Followed, Drained>

async function read(following: Following, outcomes: Outcomes, entry: Followed, now: number): Promise<void> {
  const { offset } = entry.file
  outcomes.set(entry, await drain(entry, following.fields, following.store, following.count))
  following.known.set(keyOf(entry.file), entry.file)
  if (entry.lostAt !== undefined && entry.file.offset !== offset) entry.lostAt = now
}

/** Begins files anew that were emptied. What was not read of them may stand in a copy. */
async function restart(following: Following, outcomes: Outcomes): Promise<void> {
  for (const [entry, outcome] of outcomes) {
    if (outcome !== 'truncated') continue
    await rescue(following, entry.file)
    entry.file = await following.store.add({ ...entry.file, ...nothingRead })
    Object.assign(entry, { seen: undefined, trail: [] })
    outcomes.delete(entry)
  }
}

async function letGo({ fields, store, count, followed, known }: Following, entry: Followed): Promise<void> {
  const key = keyOf(entry.file)
  await finish(entry, fields, store, count)
  followed.delete(key)
  known.set(key, entry.file)
  await entry.handle.close()
}

/** Follows the files of one source. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { name, fields, store, monotonic, patience } = options
  const known = new Map((await store.known(name)).map((file) => [keyOf(file), file]))
  const followed = new Map<string, Followed>()
  const following: Following = { ...options, followed, known, told: new Set() }
  let first = true
  return {
    async turn() {
      const paths = await pathsOf(fields.files)
      const outcomes: Outcomes = new Map()
      // First to the end of what is open, so that a copy made meanwhile is known for what it is.
      for (const entry of followed.values()) await read(following, outcomes, entry, monotonic())
      const present = await discover(following, paths)
      if (first) await seekRenamed(following, present)
      first = false
      await restart(following, outcomes)
      for (const entry of followed.values()) {
        if (!outcomes.has(entry)) await read(following, outcomes, entry, monotonic())
      }
      for (const [key, entry] of followed) {
        if (present.has(key)) continue
        entry.lostAt ??= monotonic()
        const quiet = outcomes.get(entry) === 'end' && monotonic() - entry.lostAt >= patience
        if (quiet) await letGo(following, entry)
      }
      return [...outcomes.values()].includes('more')
    },
    files: () => [...followed.values()].map(({ file }) => file.id),
    async close() {
      for (const { handle } of followed.values()) await handle.close()
      followed.clear()
    },
  }
}
