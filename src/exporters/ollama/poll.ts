import { performance } from 'node:perf_hooks'
import type { OllamaSource } from './source.ts'

export interface Poll {
  /** Tells that a scrape has just looked: the next look comes one interval later. */
  scraped(): void
  stop(): void
}

/** Without a scrape for this long nobody wants the counters: the poll rests until the next one. */
const idle = 5 * 60_000
const patience = 2000

/**
 * Looks at /api/ps between scrapes, so that a model that comes and goes between two scrapes is counted. Costs
 * Ollama nothing (the list is in its memory) and begins with the first scrape.
 */
export function createPoll(source: Pick<OllamaSource, 'ps'>, interval: number): Poll {
  let timer: NodeJS.Timeout | undefined
  let scrapedAt = 0
  let stopped = false

  function schedule(): void {
    clearTimeout(timer)
    if (stopped || interval === 0) return
    timer = setTimeout(() => void look(), interval).unref()
  }

  async function look(): Promise<void> {
    if (performance.now() - scrapedAt > idle) return
    try {
      await source.ps(AbortSignal.timeout(patience))
    } catch {
      // The next scrape meets the same failure and reports it; a look that failed has only seen nothing.
    }
    schedule()
  }

  return {
    scraped() {
      scrapedAt = performance.now()
      schedule()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
