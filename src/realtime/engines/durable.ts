import type { Logger } from '../../lib/logger.ts'
import type { AlertLog, Retention, StoredPublication } from '../alert-log.ts'
import type { Clock } from '../clock.ts'

export interface DurableOptions<Stored extends StoredPublication> {
  readonly topic: string
  readonly log: AlertLog
  readonly retention: Retention
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error' | 'info'>
  /** Called in order, once each, when they are stored. */
  readonly stored: (publication: Stored) => void
}

/** Stores publications in order, many at once when they come fast, and tries again until it can. */
export interface DurableWriter<Stored extends StoredPublication> {
  write(publication: Stored): void
  /** Publications not stored yet. */
  readonly pending: number
  settled(): Promise<void>
}

const mostPending = 10_000
const firstDelay = 100
const longestDelay = 5000

export function createDurableWriter<Stored extends StoredPublication>(
  options: DurableOptions<Stored>,
): DurableWriter<Stored> {
  const { topic, log, retention, clock, logger, stored } = options
  let queue: Stored[] = []
  let storing: readonly Stored[] = []
  let running: Promise<void> | undefined

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))

  /** Resolves when the batch is stored. One line when it begins to fail and one when it works again. */
  async function store(batch: readonly StoredPublication[]): Promise<void> {
    for (let delay = firstDelay; ; delay = Math.min(delay * 2, longestDelay)) {
      try {
        await log.append(topic, batch, retention)
        if (delay > firstDelay) logger.info({ topic }, 'the log can be written again')
        return
      } catch (err) {
        if (delay === firstDelay) logger.error({ err, topic }, 'the log cannot be written; its messages wait')
        await pause(delay)
      }
    }
  }
  async function run(): Promise<void> {
    while (queue.length > 0) {
      storing = queue
      queue = []
      await store(storing)
      for (const publication of storing) stored(publication)
      storing = []
    }
    running = undefined
  }
  return {
    write(publication) {
      if (queue.length >= mostPending) throw new Error(`the log of ${topic} cannot be written and too much waits`)
      queue.push(publication)
      running ??= run()
    },
    get pending() {
      return queue.length + storing.length
    },
    settled: () => running ?? Promise.resolve(),
  }
}
