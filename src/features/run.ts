import type { Logger } from '../lib/logger.ts'
import type { Publisher } from '../realtime/types.ts'
import type { Feature, FeatureClock } from './feature.ts'
import { reasonOf } from './lib/failing.ts'

/** Shortest time between two ticks, whatever is new, ms. */
const least = 250

/**
 * Ticks one feature until `signal` aborts: every `interval` ms while somebody listens, every `rest` ms otherwise, and when
 * it has news; never two ticks at once. One log line when ticks begin to fail, and one when they work again.
 */
export async function runFeature(
  { topic, interval, rest, tick, onNews }: Pick<Feature, 'topic' | 'interval' | 'rest' | 'tick' | 'onNews'>,
  { publisher, clock, log }: { readonly publisher: Publisher; readonly clock: FeatureClock; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  let ticked = Number.NEGATIVE_INFINITY
  let failing = false
  const news = createNews(onNews)
  while (!signal.aborted) {
    const started = clock.monotonic()
    // A quarter of an interval early is on time: timers are not exact.
    if (news.taken() || publisher.listeners(topic.name) > 0 || started - ticked >= rest - interval / 4) {
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
    const left = (from: number): number => Math.max(0, from - (clock.monotonic() - started))
    await news.orAfter(left(interval), signal)
    if (left(least) > 0) await pause(left(least), [signal])
  }
}

/** What a feature says of its own accord. */
function createNews(onNews: Feature['onNews']) {
  let some = false
  let wake = new AbortController()
  onNews?.(() => {
    some = true
    wake.abort()
  })
  return {
    /** Whether there was some since the last time this was asked. */
    taken(): boolean {
      const had = some
      some = false
      if (had) wake = new AbortController()
      return had
    },
    /** Waits for news, `ms` at most. */
    orAfter: (ms: number, signal: AbortSignal) => pause(ms, [signal, wake.signal]),
  }
}

/** Ends early with any of the signals. */
function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some(({ aborted }) => aborted)) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms).unref()
    for (const signal of signals) signal.addEventListener('abort', end, { once: true })
  })
}
