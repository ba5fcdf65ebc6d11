import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Config } from '../config/schema.ts'
import { parseDuration } from '../lib/duration.ts'
import { openSigner } from './checkpoints.ts'
import { deliveries } from './deliver.ts'
import { createAudit, type RunningAudit } from './index.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { createAuditMetrics, keeperMetrics } from './metrics.ts'

/** The audit log of an app, and who looks after its chain. */
export interface OpenAudit extends RunningAudit {
  readonly keeper: Keeper
  /** Called whenever an entry could not be written. */
  onFailure(listener: () => void): () => void
}

/**
 * The audit log of an app that has its database. Closing the app writes what is left and signs it, before the database
 * goes.
 */
export async function openAudit(app: FastifyInstance, config: Config, register: Registry): Promise<OpenAudit> {
  const { db } = app.database
  const failures = new Set<() => void>()
  const metrics = createAuditMetrics(register)
  const measure: typeof metrics = (entries, seconds) => {
    metrics(entries, seconds)
    if (seconds === undefined) for (const failed of failures) failed()
  }
  const audit = await createAudit({ db, log: app.log, clock: Date.now, measure })
  const keeper = createKeeper({
    db,
    signer: openSigner(resolve(config.data_dir)),
    deliveries: deliveries(config.audit),
    log: app.log,
    clock: Date.now,
    checkpointInterval: parseDuration(config.audit.checkpoint_interval),
    verifyInterval: parseDuration(config.audit.verify_interval),
    retention: config.audit.retention === '' ? undefined : parseDuration(config.audit.retention),
  })
  keeperMetrics(register, keeper, Date.now)
  app.addHook('onClose', async () => {
    await audit.close()
    await keeper.close()
  })
  return {
    ...audit,
    keeper,
    onFailure(listener) {
      failures.add(listener)
      return () => void failures.delete(listener)
    },
  }
}
