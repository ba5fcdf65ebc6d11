/** How fast something may happen: `rate` per second in the long run, `burst` at once. */
export interface Rate {
  readonly rate: number
  readonly burst: number
}

/** A token bucket: full at first, refilled with time. */
export interface Bucket {
  tokens: number
  /** Monotonic ms of the last refill. */
  at: number
}

export const fullBucket = ({ burst }: Rate, now: number): Bucket => ({ tokens: burst, at: now })

/** Refills by the time that passed, `now` in monotonic ms; a clock that steps back refills nothing. */
export function refill(bucket: Bucket, { rate, burst }: Rate, now: number): void {
  const passed = Math.max(0, now - bucket.at)
  bucket.tokens = Math.min(burst, bucket.tokens + (passed * rate) / 1000)
  bucket.at = Math.max(bucket.at, now)
}

/** Takes one token if there is one. */
export function take(bucket: Bucket, rate: Rate, now: number): boolean {
  refill(bucket, rate, now)
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

/** Takes one token now or on credit: ms until it is there, or undefined if that is more than `patience`. */
export function takeInTurn(bucket: Bucket, rate: Rate, now: number, patience: number): number | undefined {
  refill(bucket, rate, now)
  const wait = Math.max(0, ((1 - bucket.tokens) * 1000) / rate.rate)
  if (wait > patience) return undefined
  bucket.tokens -= 1
  return wait
}

/** Whole seconds until there is a token again, at least 1: what `Retry-After` says. */
export const retryAfter = ({ tokens }: Bucket, { rate }: Rate): number => Math.max(1, Math.ceil((1 - tokens) / rate))
