import type { Logger } from '../lib/logger.ts'
import type { Publisher } from '../realtime/types.ts'
import type { Feature, FeatureClock } from './feature.ts'
import { reasonOf } from './lib/failing.ts'

/**
 * Ticks one feature until `signal` aborts: every `interval` ms while somebody listens, every `rest` ms otherwise; never
 * two ticks at once. One log line when ticks begin to fail, and one when they work again.
 */
export async function runFeature(
  { topic, interval, rest, tick }: Pick<Feature, 'topic' | 'interval' | 'rest' | 'tick'>,
  { publisher, clock, log }: { readonly publisher: Publisher; readonly clock: FeatureClock; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  let ticked = Number.NEGATIVE_INFINITY
  let failing = false
  while (!signal.aborted) {
    const started = clock.monotonic()
    // A quarter of an interval early is on time: timers are not exact.
    if (publisher.listeners(topic.name) > 0 || started - ticked >= rest - interval / 4) {
      ticked = started
      try {
        await tick(publisher)
        if (failing) log.info({ feature: topic.name }, 'live readings work again')
        failing = false
      } catch (error) {
        if (!failing) log.warn({ feature: topic.name, err: error }, `live readings fail: ${reasonOf(error)}`)
        failing = true
      }
    }
    await pause(Math.max(0, interval - (clock.monotonic() - started)), signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms).unref()
    signal.addEventListener('abort', end, { once: true })
  })
}
