import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Config } from '../config/schema.ts'
import { createSecurityAlerts, type SecurityAlerts } from './alerts/index.ts'
import type { Signal } from './alerts/pending.ts'
import { followForeign, type Foreign } from './foreign/index.ts'
import type { Keeper } from './keeper.ts'
import type { Audit } from './types.ts'
import { alertMetrics, foreignMetrics, rowMetrics } from './watch-metrics.ts'

/** An audit log, with what tells how it fares. */
export interface WatchedAudit extends Audit {
  readonly keeper: Pick<Keeper, 'state' | 'verify'>
  /** Called whenever an entry could not be written. */
  onFailure(listener: () => void): () => void
}

const unwritable: Signal = {
  rule: 'audit-write-failed',
  key: 'log',
  severity: 'critical',
  summary: 'The audit log could not be written; what it would have told of was not done',
}

/** Tells of trouble with the chain when it begins, not as long as it lasts. */
export function createChainWatch({ keeper }: Pick<WatchedAudit, 'keeper'>, signal: (signal: Signal) => void) {
  const known = new Set<string>()
  function note(id: string, trouble: Signal | undefined): void {
    if (trouble === undefined) known.delete(id)
    else if (!known.has(id)) {
      known.add(id)
      signal(trouble)
    }
  }
  return () => {
    const { broken, undelivered } = keeper.state
    note(
      'chain',
      broken && {
        rule: 'chain-broken',
        key: `row:${broken.seq}`,
        severity: 'critical',
        summary: `The audit log was changed: row ${broken.seq}: ${broken.what}`,
        seqs: [broken.seq],
      },
    )
    for (const way of ['file', 'webhook', 'syslog'] as const) {
      note(
        way,
        undelivered.has(way)
          ? {
              rule: 'checkpoint-undelivered',
              key: way,
              severity: 'warning',
              summary: `Checkpoints of the audit log do not get through by ${way}`,
            }
          : undefined,
      )
    }
  }
}

const monotonic = (): number => performance.now()

/** How often to look whether the chain is in trouble, ms. */
const chainInterval = 5000

export interface Watchers {
  readonly alerts: SecurityAlerts
}

/** Security alerts over the log, and the audit files of other programs, until the app closes. */
export async function openWatchers(
  app: FastifyInstance,
  config: Config,
  { audit, register }: { readonly audit: WatchedAudit; readonly register: Registry },
): Promise<Watchers> {
  const { db } = app.database
  const alerts = createSecurityAlerts({ db, audit, clock: Date.now, log: app.log, count: alertMetrics(register, db) })
  const ends = [audit.follow(rowMetrics(register)), audit.onFailure(() => alerts.signal(unwritable))]
  const timer = setInterval(
    createChainWatch(audit, (trouble) => alerts.signal(trouble)),
    chainInterval,
  ).unref()
  let foreign: Foreign | undefined
  const count = foreignMetrics(register, () => foreign?.files() ?? 0)
  foreign = await followForeign({ db, config: config.audit.foreign, log: app.log, clock: Date.now, monotonic, count })
  app.addHook('onClose', async () => {
    clearInterval(timer)
    for (const end of ends) end()
    await foreign?.close()
    await alerts.close()
  })
  return { alerts }
}
