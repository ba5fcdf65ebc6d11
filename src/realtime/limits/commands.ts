import { fullBucket, take, type Rate } from './bucket.ts'

export interface CommandLimit extends Rate {
  /** So many refusals within `strikeWindow` ms end the connection. */
  readonly strikes: number
  readonly strikeWindow: number
  /** Refusals closer together than this, ms, are one strike: a single hasty batch is forgiven. */
  readonly strikeSpacing: number
  /** So many refusals without a pause of `strikeSpacing` end it at once: not haste, but a flood. */
  readonly flood: number
}

export const commandLimit: CommandLimit = {
  rate: 20,
  burst: 60,
  strikes: 3,
  strikeWindow: 10_000,
  strikeSpacing: 250,
  flood: 1000,
}

export type Verdict = 'ok' | 'busy' | 'close'

/**
 * Counts the commands of one connection: `ok`, `busy` (error 111, the client tries again later) or `close` (3013).
 * Once it said `close` it says nothing else.
 */
export function createCommandLimit(limit: CommandLimit, monotonic: () => number): () => Verdict {
  const bucket = fullBucket(limit, monotonic())
  let strikes: number[] = []
  let refused = 0
  let lastRefusal = -Infinity
  let closed = false
  return () => {
    if (closed) return 'close'
    const now = monotonic()
    if (take(bucket, limit, now)) return 'ok'
    refused = now - lastRefusal < limit.strikeSpacing ? refused + 1 : 1
    lastRefusal = now
    strikes = strikes.filter((at) => now - at < limit.strikeWindow)
    if (now - (strikes.at(-1) ?? -Infinity) >= limit.strikeSpacing) strikes.push(now)
    closed = strikes.length >= limit.strikes || refused >= limit.flood
    return closed ? 'close' : 'busy'
  }
}
