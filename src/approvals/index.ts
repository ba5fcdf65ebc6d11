import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit } from '../audit/types.ts'
import type { PolicyStore } from '../auth/policy/store-types.ts'
import type { CompiledPolicy } from '../auth/policy/types.ts'
import type { Caller } from '../auth/types.ts'
import type { Db } from '../database/schema.ts'
import type { Logger } from '../lib/logger.ts'
import { whyNot } from './checks.ts'
import { createCircumstances } from './circumstances.ts'
import { createDecisions } from './decisions.ts'
import { execute } from './execute.ts'
import { createJournal } from './journal.ts'
import type { ApprovalMetrics } from './metrics.ts'
import { createRequest } from './requests.ts'
import * as store from './store.ts'
import type { Stored } from './store.ts'
import type { Approval, ApprovalKind, Approvals } from './types.ts'

export interface ApprovalsOptions {
  readonly db: Db
  readonly audit: Pick<Audit, 'append' | 'record'>
  /** Read again before each approval, so that what a command changed a moment ago counts. */
  readonly policy: Pick<PolicyStore, 'compiled' | 'refresh'>
  /** Whether that user is still there and not locked. */
  readonly isActive: (userId: string) => boolean | Promise<boolean>
  readonly kinds: readonly ApprovalKind[]
  readonly log: Logger
  readonly metrics?: ApprovalMetrics | undefined
  /** How long a request waits for somebody, ms. */
  readonly expiry: number
  /** How long ago an approver may have proved who they are, ms. */
  readonly reauthentication: number
  readonly now?: () => number
}

/** The approvals as their owner sees them. */
export interface RunningApprovals extends Approvals {
  /** Why this caller could not approve that now; undefined if they could, re-authentication apart. */
  whyNot(caller: Caller, approval: Approval): Promise<{ readonly code: string; readonly message: string } | undefined>
  /** Called after each step was committed. */
  follow(listener: (approval: Approval) => void): () => void
  /** Goes on with what was approved when the process ended, and lets go of what is too old. Call it once at the start. */
  resume(): Promise<void>
  /** Marks what nobody decided in time; for a timer of the owner. */
  expire(): Promise<void>
  /** Waits for what is being done. */
  close(): Promise<void>
}

/** How long an approver waits for the outcome before the answer says `running`, ms. */
const patience = 5000

/** Who hears of each step, and what is counted of it. */
function createNews({ db, log, metrics }: ApprovalsOptions) {
  const listeners = new Set<(approval: Approval) => void>()
  async function count(): Promise<void> {
    if (metrics === undefined) return
    const counted = (now: Awaited<ReturnType<typeof store.waiting>>): void => metrics.waiting(now)
    await store.waiting(db).then(counted, (error: unknown) => log.warn({ err: error }, 'approvals not counted'))
  }
  return {
    count,
    changed(this: void, approval: Stored): void {
      if (approval.state !== 'pending' && approval.state !== 'running') metrics?.decided(approval.type, approval.state)
      for (const listener of listeners) listener(approval)
      void count()
    },
    follow(listener: (approval: Approval) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Does what was approved, one flight for each, and waits for them at the end. */
function createRuns(start: (id: string) => Promise<void>, { log }: ApprovalsOptions) {
  const running = new Map<string, Promise<void>>()
  return {
    run(id: string): Promise<void> {
      const flight = start(id)
        .catch((error: unknown) => log.error({ err: error, approval: id }, 'an approved act could not be recorded'))
        .finally(() => running.delete(id))
      running.set(id, flight)
      return flight
    },
    settled: () => Promise.all(running.values()),
  }
}

/** Resolves when `flight` does, or when patience ends. */
async function wait(flight: Promise<void>): Promise<void> {
  const stop = new AbortController()
  const enough = sleep(patience, undefined, { signal: stop.signal, ref: false }).catch(() => undefined)
  await Promise.race([flight, enough]).finally(() => stop.abort())
}

/** Acts that need a second person. Every step is one transaction with its entry in the audit log. */
export function createApprovals(options: ApprovalsOptions): RunningApprovals {
  const { db, log, now = Date.now } = options
  const kinds = new Map(options.kinds.map((kind) => [kind.type, kind]))
  const news = createNews(options)
  const policy = (): CompiledPolicy => options.policy.compiled()
  const circumstances = createCircumstances({ ...options, policy, kinds, now })
  const journal = createJournal(options.audit)
  const deps = { ...options, policy, kinds, now, circumstances, journal, changed: news.changed }
  const decisions = createDecisions(deps)
  const runs = createRuns((id) => execute(deps, id), options)

  return {
    request: createRequest(deps),
    async approve(caller, id, hash, comment) {
      await options.policy.refresh()
      const approved = await decisions.approve(caller, id, hash, comment)
      await wait(runs.run(id))
      return (await store.find(db, id)) ?? approved
    },
    refuse: (caller, id, comment) => decisions.refuse(caller, id, comment),
    withdraw: (caller, id) => decisions.withdraw(caller, id),
    get: (id) => store.find(db, id),
    list: (filter) => store.list(db, filter),
    whyNot: async (caller, approval) => whyNot(approval, await circumstances(caller, approval)),
    follow: (listener) => news.follow(listener),
    expire: () => decisions.expire(),
    async resume() {
      await decisions.expire()
      const left = await store.idsIn(db, ['approved', 'running'])
      if (left.length > 0) log.info({ approvals: left }, 'goes on with what was approved before the restart')
      for (const id of left) void runs.run(id)
      await news.count()
    },
    async close() {
      await runs.settled()
    },
  }
}
