import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { createAudit, type RunningAudit } from './index.ts'
import { createAuditMetrics } from './metrics.ts'

/** The audit log of an app that has its database. Closing the app writes what is left, before the database goes. */
export async function openAudit(app: FastifyInstance, register: Registry): Promise<RunningAudit> {
  const { db } = app.database
  const audit = await createAudit({ db, log: app.log, clock: Date.now, measure: createAuditMetrics(register) })
  app.addHook('onClose', () => audit.close())
  return audit
}
