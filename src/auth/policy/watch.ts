import type { Logger } from '../../lib/logger.ts'

export interface Watch {
  /** Why what is known may be old; undefined if it is not. */
  stale(): string | undefined
  /** Looks now; rejects when it cannot. */
  look(): Promise<void>
  close(): Promise<void>
}

/**
 * Ticks and looks every `every` ms. A look that fails is told once, when it begins to fail, and so is its end; one that takes
 * longer than two rounds counts as failed until it ends.
 */
export function createWatch(look: () => Promise<void>, tick: () => void, every: number, log: Logger): Watch {
  let reason: string | undefined
  let looking: Promise<void> | undefined
  let since = 0
  const failing = (why: string): void => {
    if (reason === undefined) log.warn({ reason: why }, 'policy cannot be read again; the last one known goes on')
    reason = why
  }
  const once = async (): Promise<void> => {
    try {
      await look()
      if (reason !== undefined) log.info({}, 'policy is read again')
      reason = undefined
    } catch (error) {
      failing(error instanceof Error ? error.message : String(error))
      throw error
    }
  }
  const round = (): void => {
    tick()
    if (looking !== undefined) {
      if (performance.now() - since > 2 * every) failing('the database does not answer')
      return
    }
    since = performance.now()
    // What went wrong was told above.
    looking = once().then(...settled)
  }
  const end = (): void => {
    looking = undefined
  }
  const settled = [end, end] as const
  const timer = setInterval(round, every)
  timer.unref()
  return {
    stale: () => reason,
    look: once,
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}
