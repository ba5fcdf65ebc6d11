import type { Logger } from '../../lib/logger.ts'
import type { Exporter } from '../exporter.ts'
import type { Runner } from '../runner.ts'

/** The exporter of one probed server. */
export interface Probed {
  readonly exporter: Exporter
  readonly runner: Runner
}

interface Entry {
  readonly probed: Promise<Probed>
  timer: NodeJS.Timeout
}

/** Exporters by name: made on first use, kept while used, stopped when idle. */
export interface Pool {
  readonly size: number
  has(key: string): boolean
  use(key: string, start: () => Promise<Probed>): Promise<Probed>
  stop(): Promise<void>
}

export function createPool(idle: number, log: Logger): Pool {
  const entries = new Map<string, Entry>()

  async function letGo(key: string, { probed }: Entry): Promise<void> {
    entries.delete(key)
    try {
      const { exporter } = await probed
      await exporter.stop?.()
    } catch (error) {
      log.warn({ err: error }, 'a probed server could not be let go')
    }
  }

  function expire(key: string): void {
    const entry = entries.get(key)
    if (entry !== undefined) void letGo(key, entry)
  }

  return {
    get size() {
      return entries.size
    },
    has: (key) => entries.has(key),
    use(key, start) {
      const known = entries.get(key)
      const timer = setTimeout(expire, idle, key).unref()
      if (known !== undefined) {
        clearTimeout(known.timer)
        known.timer = timer
        return known.probed
      }
      const entry = { probed: start(), timer }
      entries.set(key, entry)
      entry.probed.catch(() => {
        clearTimeout(entry.timer)
        entries.delete(key)
      })
      return entry.probed
    },
    async stop() {
      for (const { timer } of entries.values()) clearTimeout(timer)
      await Promise.all([...entries].map(([key, entry]) => letGo(key, entry)))
    },
  }
}
