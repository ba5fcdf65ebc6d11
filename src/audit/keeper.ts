import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Checkpoint, Signer } from './checkpoints.ts'
import { genesis } from './chain.ts'
import type { Delivery } from './deliver.ts'
import { createOutbox } from './outbox.ts'
import { verifyChain, type Anchor } from './verify.ts'

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
}

/** Looks after the chain: verifies it, signs places of it, and sends those away. */
export interface Keeper {
  readonly state: KeeperState
  /** All of it, from the first row. One check runs at a time; others get its outcome. */
  verify(): Promise<KeeperState>
  /** Signs the newest row, where it is newer than the last that was signed and the chain before it is sound. */
  checkpoint(): Promise<Checkpoint | undefined>
  close(): Promise<void>
}

const start: Anchor = { seq: 0, hash: genesis.toString('hex') }

function every(
  { log, checkpointInterval, verifyInterval }: KeeperOptions,
  keeper: Pick<Keeper, 'checkpoint' | 'verify'>,
): () => void {
  const failed = (error: unknown): void => log.warn({ err: error }, 'the audit log could not be checked')
  const timers = [
    setInterval(() => void keeper.checkpoint().catch(failed), checkpointInterval).unref(),
    setInterval(() => void keeper.verify().catch(failed), verifyInterval).unref(),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { db, signer, deliveries, log, clock } = options
  const signed = new Map(signer.all().map((one) => [one.seq, one]))
  let last = [...signed.values()].at(-1)
  let verified: Anchor | undefined
  let verifiedAt: number | undefined
  let broken: KeeperState['broken']
  let running: Promise<KeeperState> | undefined
  const outbox = createOutbox(deliveries, log)

  const now = (): KeeperState => ({
    state: running ? 'running' : broken ? 'broken' : verified ? 'verified' : 'unverified',
    verifiedTo: verified?.seq,
    verifiedAt,
    broken,
    checkpoint: last && { seq: last.seq, at: Date.parse(last.time) },
    undelivered: outbox.undelivered,
  })
  async function check(from: Anchor): Promise<KeeperState> {
    const hashes = new Map([...signed.values()].map(({ seq, hash }) => [seq, hash]))
    const verdict = await verifyChain(db, hashes, from)
    if (verdict.broken !== undefined && broken === undefined) {
      log.error(verdict.broken, `the audit log was changed: row ${verdict.broken.seq}: ${verdict.broken.what}`)
    }
    verified = verdict.verified
    verifiedAt = clock()
    broken = verdict.broken
    running = undefined
    return now()
  }
  const verify = (from: Anchor): Promise<KeeperState> => (running ??= check(from).finally(() => (running = undefined)))

  async function checkpoint(): Promise<Checkpoint | undefined> {
    const { broken: found } = await verify(verified ?? start)
    if (found !== undefined || verified === undefined || verified.seq <= (last?.seq ?? 0)) {
      await outbox.send()
      return undefined
    }
    last = signer.sign(verified, clock())
    signed.set(last.seq, last)
    outbox.add(last)
    await outbox.send()
    return last
  }
  const stop = every(options, { checkpoint, verify: () => verify(start) })
  return {
    get state() {
      return now()
    },
    verify: () => verify(start),
    checkpoint,
    async close() {
      stop()
      await running?.catch(() => undefined)
      // What was added last is signed too; a database that is gone already has told so elsewhere.
      await checkpoint().catch(() => undefined)
    },
  }
}
