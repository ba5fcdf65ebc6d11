import { isLoopback } from '../../auth/loopback.ts'
import { builtIn } from '../../auth/principal.ts'
import type { Admission } from '../admission.ts'
import { fullBucket, retryAfter, takeInTurn, type Rate } from './bucket.ts'
import { commandLimit, createCommandLimit, type CommandLimit } from './commands.ts'
import { createKeyedLimit } from './keyed.ts'
import { createSocketBooks, type SocketLimits } from './sockets.ts'

/** Largest frame or body of commands that a client may send, bytes. */
export const inboundBytes = 64 * 1024

export interface LimitOptions {
  readonly sockets: SocketLimits
  readonly command: CommandLimit
  readonly maxSubscriptions: number
  /** New connections of one address. */
  readonly perAddress: Rate
  /** New connections in all. */
  readonly handshakes: Rate
  /** How long one of them may wait for its turn, ms, before it is refused; below what clients give an attempt. */
  readonly patience: number
  /** Addresses remembered. */
  readonly addresses: number
  /** Addresses behind which many callers stand, whole or shortened for display; held only by the limits for all. */
  readonly shared: (address: string) => boolean
}

export const defaultLimits: LimitOptions = {
  sockets: { total: 12_000, perPrincipal: 5, perAddress: 20 },
  command: commandLimit,
  maxSubscriptions: 64,
  perAddress: { rate: 10, burst: 50 },
  // After a cut everybody comes at once: at most 60 % of a thousand within the first second.
  handshakes: { rate: 500, burst: 100 },
  patience: 2500,
  addresses: 10_000,
  // Every script and every tunnel of this machine has the same address, and so has everyone behind a proxy on it.
  shared: (address) => address === 'loopback' || isLoopback(address),
}

/** Answered instead of an upgrade or a stream. */
export interface Refusal {
  /** 429: this address is too hasty; 503: everybody together is. */
  readonly status: 429 | 503
  /** Seconds. */
  readonly retryAfter: number
}

/** Answered a little later: whoever is refused comes back later still, and costs twice. */
export interface Turn {
  /** ms. */
  readonly wait: number
}

export interface Limits extends Admission {
  /** Asked once per handshake, before anything is opened; undefined lets it in at once. `address` is the socket's own. */
  handshake(address: string): Refusal | Turn | undefined
  /** Connections now. */
  readonly sockets: number
}

/** The limits of one bridge. `monotonic` is in ms. */
export function createLimits(options: Partial<LimitOptions>, monotonic: () => number): Limits {
  const limits = { ...defaultLimits, ...options }
  const all = fullBucket(limits.handshakes, monotonic())
  const byAddress = createKeyedLimit(limits.perAddress, limits.addresses, monotonic)
  const books = createSocketBooks(limits.sockets, (key) => key === builtIn.id || limits.shared(key))
  return {
    handshake(address) {
      // First its own share: one hasty address must not use up what is there for all.
      const wait = limits.shared(address) ? undefined : byAddress.take(address)
      if (wait !== undefined) return { status: 429, retryAfter: wait }
      const turn = takeInTurn(all, limits.handshakes, monotonic(), limits.patience)
      if (turn !== undefined) return turn === 0 ? undefined : { wait: turn }
      return { status: 503, retryAfter: retryAfter(all, limits.handshakes) }
    },
    admit(principal, { peer }) {
      const release = books.open(principal.id, peer)
      if (release === undefined) return { code: 3504, reason: 'connection limit' }
      const command = createCommandLimit(limits.command, monotonic)
      return { command, maxSubscriptions: limits.maxSubscriptions, release }
    },
    get sockets() {
      return books.total
    },
  }
}
