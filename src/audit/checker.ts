import type { KeyObject } from 'node:crypto'
import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import { chainStart } from './boundary.ts'
import { genesisAnchor, verifyChain, type Anchor, type Verdict } from './verify.ts'

export interface CheckerOptions {
  readonly db: Db
  readonly log: Logger
  readonly clock: () => number
  readonly keys: readonly KeyObject[]
  /** Hashes that were signed, by sequence number, as they are known at the time. */
  readonly signed: () => ReadonlyMap<number, string>
}

/** Reads the chain now and then, and remembers what came of it. */
export interface Checker {
  readonly running: boolean
  readonly verified: Anchor | undefined
  /** ms since the epoch. */
  readonly at: number | undefined
  readonly broken: Verdict['broken']
  /** From its first row. */
  all(): Promise<void>
  /** From where the last check ended. */
  rest(): Promise<void>
  /** When nothing runs any more; never rejects. */
  idle(): Promise<unknown>
}

/** Reads all of the chain from an anchor; without one from where it begins, be that after a cut. */
export async function verdictOn(
  { db, keys, signed }: Pick<CheckerOptions, 'db' | 'keys' | 'signed'>,
  from?: Anchor,
): Promise<Verdict> {
  const begin = from ?? (await chainStart(db, keys))
  if ('what' in begin) return { verified: genesisAnchor, broken: begin }
  return verifyChain(db, signed(), begin)
}

export function createChecker(options: CheckerOptions): Checker {
  const { log, clock } = options
  let verdict: Verdict | undefined
  let at: number | undefined
  let running: { readonly whole: boolean; readonly done: Promise<void> } | undefined

  async function check(from?: Anchor): Promise<void> {
    const found = await verdictOn(options, from)
    if (found.broken !== undefined && verdict?.broken === undefined) {
      log.error(found.broken, `the audit log was changed: row ${found.broken.seq}: ${found.broken.what}`)
    }
    verdict = found
    at = clock()
  }
  /** One at a time. Whoever wants all of it does not make do with the rest. */
  async function begin(whole: boolean): Promise<void> {
    for (let other = running; other !== undefined; other = running) {
      if (other.whole || !whole) return other.done
      await other.done.catch(() => undefined)
    }
    const done = check(whole ? undefined : verdict?.verified).finally(() => (running = undefined))
    running = { whole, done }
    return done
  }
  return {
    get running() {
      return running !== undefined
    },
    get verified() {
      return verdict?.verified
    },
    get at() {
      return at
    },
    get broken() {
      return verdict?.broken
    },
    all: () => begin(true),
    rest: () => begin(false),
    idle: async () => running?.done.catch(() => undefined),
  }
}
