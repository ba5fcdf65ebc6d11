import { createHash } from 'node:crypto'
import { createKeyedLimit } from '../realtime/limits/keyed.ts'

/** Delays that grow with each wrong password. Seconds; times are monotonic ms. */
export interface Throttle {
  /** Seconds until the next try may be made; undefined: now. Asked before anything else is done. */
  before(login: string, ip: string): number | undefined
  /**
   * The same for the account as a whole, which holds those who try one password each from many addresses. A known
   * address is never held by it: strangers cannot lock a user out.
   */
  account(login: string): number | undefined
  failed(login: string, ip: string): void
  succeeded(login: string, ip: string): void
  /** Keys remembered now. */
  readonly size: number
}

interface Failures {
  count: number
  until: number
  seen: number
}

interface Steps {
  /** Failures that cost nothing. */
  readonly free: number
  /** Delay after the first one beyond, ms; each further one doubles it. */
  readonly first: number
  readonly most: number
  /** ms after which a failure is forgotten. */
  readonly memory: number
}

const perPair: Steps = { free: 4, first: 1000, most: 900_000, memory: 3_600_000 }
const perAccount: Steps = { free: 30, first: 1000, most: 60_000, memory: 3_600_000 }
/** Tries of one address for whatever accounts. */
const perAddress = { rate: 1, burst: 100 }
const capacity = 10_000

// Hashed: what people type into a name field may be long, or a password.
const keyOf = (...parts: string[]): string => createHash('sha256').update(parts.join('\0')).digest('base64url')

function createCounter({ free, first, most, memory }: Steps, now: () => number) {
  // In the order in which they last failed; the first ones are forgotten when room is needed.
  const failures = new Map<string, Failures>()
  return {
    wait(key: string): number | undefined {
      const found = failures.get(key)
      const left = found === undefined ? 0 : found.until - now()
      return left > 0 ? Math.ceil(left / 1000) : undefined
    },
    fail(key: string): void {
      const at = now()
      const before = failures.get(key)
      const count = (before === undefined || at - before.seen > memory ? 0 : before.count) + 1
      const delay = count <= free ? 0 : Math.min(most, first * 2 ** Math.min(30, count - free - 1))
      failures.delete(key)
      failures.set(key, { count, until: at + delay, seen: at })
      const oldest = failures.size > capacity ? failures.keys().next().value : undefined
      if (oldest !== undefined) failures.delete(oldest)
    },
    forget: (key: string): boolean => failures.delete(key),
    get size() {
      return failures.size
    },
  }
}

/** `now` in monotonic ms. Bounded in memory, whatever names and addresses come. */
export function createThrottle(now: () => number): Throttle {
  const pairs = createCounter(perPair, now)
  const accounts = createCounter(perAccount, now)
  const addresses = createKeyedLimit(perAddress, capacity, now)
  return {
    before: (login, ip) => pairs.wait(keyOf(login, ip)) ?? addresses.take(ip),
    account: (login) => accounts.wait(keyOf(login)),
    failed(login, ip) {
      pairs.fail(keyOf(login, ip))
      accounts.fail(keyOf(login))
    },
    succeeded: (login, ip) => void pairs.forget(keyOf(login, ip)),
    get size() {
      return pairs.size + accounts.size + addresses.size
    },
  }
}
