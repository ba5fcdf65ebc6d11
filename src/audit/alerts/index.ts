import type { Caller } from '../../auth/types.ts'
import { actorOf } from '../../auth/policy/entries.ts'
import type { Db } from '../../database/schema.ts'
import { RefusedError } from '../../errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Audit } from '../types.ts'
import { createPending, type Signal } from './pending.ts'
import { createRunner } from './runner.ts'
import { listAlerts, markAcknowledged, sweepAlerts, type AlertQuery } from './store.ts'
import type { RuleName, SecurityAlert, Severity } from './types.ts'
import { createWatch, type Raised } from './watch.ts'

export interface SecurityAlertsDeps {
  readonly db: Db
  readonly audit: Pick<Audit, 'append' | 'follow'>
  /** ms since the epoch. */
  readonly clock: () => number
  readonly log: Logger
  /** Called once for each alert that is new. */
  readonly count?: (rule: RuleName, severity: Severity) => void
}

export interface SecurityAlerts {
  /** Newest first. */
  list(query: AlertQuery): Promise<SecurityAlert[]>
  /** Writes down who has seen to it; further findings of its kind open another. */
  acknowledge(caller: Caller, id: string, comment: string | undefined): Promise<SecurityAlert>
  /** Told of each alert that is new, has grown, or was acknowledged. */
  follow(listener: (alert: SecurityAlert) => void): () => void
  /** Raises an alert as soon as it can be written. */
  signal(signal: Signal): void
  /** When every row that is committed now was looked at. */
  settled(): Promise<void>
  close(): Promise<void>
}

const day = 86_400_000

/** What PostgreSQL takes for a number of ours. */
export const isId = (id: string): boolean => /^\d{1,18}$/.test(id)

const gone = (): RefusedError =>
  new RefusedError(404, 'NOT_FOUND', 'There is no such alert, or it is acknowledged already')

function acknowledge(
  { db, audit, clock }: Pick<SecurityAlertsDeps, 'db' | 'audit' | 'clock'>,
  caller: Caller,
  id: string,
  comment: string | undefined,
): Promise<SecurityAlert> {
  if (!isId(id)) return Promise.reject(gone())
  return db.transaction().execute(async (tx) => {
    const marked = await markAcknowledged(tx, id, { by: caller.id, at: clock(), comment })
    if (marked === undefined) throw gone()
    await audit.append(tx, {
      actor: actorOf(caller),
      action: 'alert.acknowledge',
      object: `alert:${id}`,
      decision: 'allow',
      after: { rule: marked.rule, ...(comment !== undefined && { comment }) },
    })
    return marked
  })
}

function createTeller(log: Logger, count: SecurityAlertsDeps['count']) {
  const listeners = new Set<(alert: SecurityAlert) => void>()
  function publish(raised: readonly Raised[]): void {
    for (const { alert, isNew, finding } of raised) {
      if (!isNew) continue
      count?.(finding.rule, finding.severity)
      log.warn({ rule: alert.rule, alert: alert.id, severity: alert.severity }, `security alert: ${alert.summary}`)
    }
    // Of one that grew several times, the last state.
    const last = new Map(raised.map(({ alert }) => [alert.id, alert]))
    for (const alert of last.values()) for (const listener of listeners) listener(alert)
  }
  return { listeners, publish }
}

/** Watches the audit log for what somebody should look at. A restart forgets nothing and tells nothing twice. */
export function createSecurityAlerts({ db, audit, clock, log, count }: SecurityAlertsDeps): SecurityAlerts {
  const { listeners, publish } = createTeller(log, count)
  const pending = createPending(clock)
  const watch = createWatch(db)
  let sweptAt = -Infinity

  async function signals(): Promise<void> {
    const taken = pending.take()
    try {
      if (taken.length > 0) publish(await watch.raise(taken))
    } catch (error) {
      pending.putBack(taken)
      throw error
    }
  }
  const runner = createRunner(
    async () => {
      await signals()
      for (let more = true; more;) {
        const step = await watch.step()
        publish(step.raised)
        more = step.more
      }
      if (clock() - sweptAt < day) return
      await sweepAlerts(db, clock())
      sweptAt = clock()
    },
    (err) => log.warn({ err }, 'the audit log cannot be watched for security alerts'),
  )
  const unfollow = audit.follow(() => runner.wake())
  runner.wake()
  return {
    list: (query) => listAlerts(db, query),
    async acknowledge(caller, id, comment) {
      const alert = await acknowledge({ db, audit, clock }, caller, id, comment)
      for (const listener of listeners) listener(alert)
      return alert
    },
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    signal(signal) {
      pending.add(signal)
      runner.wake()
    },
    settled: () => runner.settled(),
    async close() {
      unfollow()
      await runner.close()
    },
  }
}
