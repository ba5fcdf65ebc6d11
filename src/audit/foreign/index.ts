import { watch, type FSWatcher } from 'node:fs'
import type { Db } from '../../database/schema.ts'
import { parseDuration } from '../../lib/duration.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ForeignConfig } from './config.ts'
import { folderOf } from './discover.ts'
import type { Count } from './followed.ts'
import { openSource, type Source } from './source.ts'
import { createForeignStore, createForeignSweep } from './store.ts'

export interface ForeignDeps {
  readonly db: Db
  readonly config: ForeignConfig
  readonly log: Logger
  /** ms since the epoch. */
  readonly clock: () => number
  /** ms, for spans. */
  readonly monotonic: () => number
  readonly count?: Count
  /** How often to look where nothing was announced, ms. */
  readonly interval?: number
  /** How long a file that was renamed away must be quiet until it is let go, ms. */
  readonly patience?: number
}

/** The audit files of other programs, being followed. */
export interface Foreign {
  /** Files that are open now. */
  files(): number
  close(): Promise<void>
}

const hour = 3_600_000
const retry = 5000

/** Tells that something moved in a folder. Where a folder cannot be watched, looking again and again must do. */
function watchFolders(folders: ReadonlySet<string>, moved: () => void): () => void {
  const watchers: FSWatcher[] = []
  for (const folder of folders) {
    try {
      watchers.push(watch(folder, { persistent: false }, moved).on('error', () => undefined))
    } catch {
      // It may not be there yet.
    }
  }
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}

/** One turn after the other: at once while there is more, soon after something moved, and in any case now and then. */
function createLoop(turn: () => Promise<boolean>, interval: number, failed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let closed = false
  let soon = false
  function again(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(begin, ms).unref()
  }
  async function run(): Promise<void> {
    soon = false
    let next = interval
    try {
      if (await turn()) next = 0
    } catch (error) {
      failed(error)
      next = Math.max(interval, retry)
    }
    running = undefined
    again(soon ? 0 : next)
  }
  function begin(): void {
    running ??= run()
  }
  again(0)
  return {
    wake() {
      soon = true
      if (running === undefined) again(50)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Follows what is configured until it is closed; undefined where nothing is. */
export async function followForeign(deps: ForeignDeps): Promise<Foreign | undefined> {
  const { db, config, log, clock, monotonic, count = () => undefined, interval = 1000, patience = 30_000 } = deps
  const sources = Object.entries(config.sources)
  if (sources.length === 0) return undefined
  const store = createForeignStore(db, clock)
  const sweep = createForeignSweep(db, clock)
  const open: Source[] = []
  for (const [name, fields] of sources) {
    open.push(await openSource({ name, fields, store, log, count, monotonic, patience }))
  }
  let cutAt = -Infinity
  async function turn(): Promise<boolean> {
    let more = false
    for (const source of open) more = (await source.turn()) || more
    if (monotonic() - cutAt >= hour) {
      await sweep.cut(parseDuration(config.keep), config.keep_lines)
      await sweep.prune(open.flatMap((source) => source.files()))
      cutAt = monotonic()
    }
    return more
  }
  const loop = createLoop(turn, interval, (err) => log.warn({ err }, 'foreign audit files cannot be followed'))
  const unwatch = watchFolders(new Set(sources.map(([, { files }]) => folderOf(files))), () => loop.wake())
  return {
    files: () => open.reduce((sum, source) => sum + source.files().length, 0),
    async close() {
      unwatch()
      await loop.close()
      for (const source of open) await source.close()
    },
  }
}
