import { fullBucket, refill, retryAfter, take, type Bucket, type Rate } from './bucket.ts'

/** A bucket per key, for keys that callers choose (addresses): never more than `capacity` of them are kept. */
export interface KeyedLimit {
  /** Undefined when admitted, else the seconds after which to try again. */
  take(key: string): number | undefined
  /** Keys remembered now. */
  readonly size: number
}

/**
 * A key whose bucket is full again is as good as forgotten, and is forgotten when room is needed. If all are in use
 * the least recently seen one goes: whoever can come from that many addresses is held by the limit for all.
 */
export function createKeyedLimit(rate: Rate, capacity: number, monotonic: () => number): KeyedLimit {
  // In the order in which the keys were last seen: the first are the fullest.
  const buckets = new Map<string, Bucket>()
  function makeRoom(now: number): void {
    for (const [key, bucket] of buckets) {
      refill(bucket, rate, now)
      if (bucket.tokens < rate.burst && buckets.size < capacity) return
      buckets.delete(key)
    }
  }
  return {
    take(key) {
      const now = monotonic()
      const known = buckets.get(key)
      if (known === undefined && buckets.size >= capacity) makeRoom(now)
      const bucket = known ?? fullBucket(rate, now)
      buckets.delete(key)
      buckets.set(key, bucket)
      return take(bucket, rate, now) ? undefined : retryAfter(bucket, rate)
    },
    get size() {
      return buckets.size
    },
  }
}
