import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Checkpoint, Signer } from './checkpoints.ts'
import { cutLog } from './boundary.ts'
import { createChecker } from './checker.ts'
import type { Delivery } from './deliver.ts'
import { createOutbox } from './outbox.ts'

/** How the chain fares. Times are ms since the epoch. */
export interface KeeperState {
  readonly state: 'verified' | 'broken' | 'unverified' | 'running'
  readonly verifiedTo: number | undefined
  readonly verifiedAt: number | undefined
  readonly broken: { readonly seq: number; readonly what: string } | undefined
  readonly checkpoint: { readonly seq: number; readonly at: number } | undefined
  /** Ways on which the last checkpoint did not get through, with the reason. */
  readonly undelivered: ReadonlyMap<Delivery['kind'], string>
}

export interface KeeperOptions {
  readonly db: Db
  readonly signer: Signer
  readonly deliveries: readonly Delivery[]
  readonly log: Logger
  readonly clock: () => number
  /** ms. */
  readonly checkpointInterval: number
  readonly verifyInterval: number
  /** How long rows are kept, ms; undefined: for ever. */
  readonly retention?: number | undefined
}

/** Looks after the chain: verifies it, signs places of it, and sends those away. */
export interface Keeper {
  readonly state: KeeperState
  /** All of it, from the first row. One check runs at a time; others get its outcome. */
  verify(): Promise<KeeperState>
  /** Signs the newest row, where it is newer than the last that was signed and the chain before it is sound. */
  checkpoint(): Promise<Checkpoint | undefined>
  /** Removes rows older than the retention, up to a checkpoint, where the chain is sound; how many. */
  cut(): Promise<number>
  close(): Promise<void>
}

function every(
  { log, checkpointInterval, verifyInterval }: KeeperOptions,
  keeper: Pick<Keeper, 'checkpoint' | 'cut'>,
): () => void {
  const failed = (error: unknown): void => log.warn({ err: error }, 'the audit log could not be checked')
  const timers = [
    setInterval(() => void keeper.checkpoint().catch(failed), checkpointInterval).unref(),
    setInterval(() => void keeper.cut().catch(failed), verifyInterval).unref(),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { db, signer, deliveries, log, clock, retention } = options
  const signed = new Map(signer.all().map((one) => [one.seq, one]))
  let last = [...signed.values()].at(-1)
  const outbox = createOutbox(deliveries, log)
  const hashes = (): Map<number, string> => new Map([...signed.values()].map(({ seq, hash }) => [seq, hash]))
  const checker = createChecker({ db, log, clock, keys: signer.keys, signed: hashes })

  function state(): KeeperState {
    const { running, broken, verified, at } = checker
    return {
      state: running ? 'running' : broken ? 'broken' : verified ? 'verified' : 'unverified',
      verifiedTo: verified?.seq,
      verifiedAt: at,
      broken,
      checkpoint: last && { seq: last.seq, at: Date.parse(last.time) },
      undelivered: outbox.undelivered,
    }
  }
  async function checkpoint(): Promise<Checkpoint | undefined> {
    await checker.rest()
    const { broken, verified } = checker
    const isNew = broken === undefined && verified !== undefined && verified.seq > (last?.seq ?? 0)
    if (isNew) {
      last = signer.sign(verified, clock())
      signed.set(last.seq, last)
      outbox.add(last)
    }
    await outbox.send()
    return isNew ? last : undefined
  }
  async function cut(): Promise<number> {
    await checker.all()
    // Evidence is not thrown away.
    if (checker.broken !== undefined || retention === undefined) return 0
    const rows = await cutLog(db, [...signed.values()], { limit: clock() - retention, now: clock() })
    if (rows > 0) log.info({ rows }, 'old rows of the audit log were cut off')
    return rows
  }
  const stop = every(options, { checkpoint, cut })
  return {
    get state() {
      return state()
    },
    async verify() {
      await checker.all()
      return state()
    },
    checkpoint,
    cut,
    async close() {
      stop()
      await checker.idle()
      // What was added last is signed too; a database that is gone already has told so elsewhere.
      await checkpoint().catch(() => undefined)
    },
  }
}
