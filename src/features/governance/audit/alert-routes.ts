import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { namesOf } from '../../../auth/user-lists.ts'
import { wire } from '../../schemas.ts'
import { answers, idParams, route } from '../route.ts'
import { checkId } from './asked.ts'
import type { SecurityAlertPage, SecurityAlertQuery } from './contract.ts'
import type { AuditDeps } from './routes.ts'
import { alertView } from './view.ts'

const base = '/api/governance/alerts'
const usual = 50

async function pageOf({ db, alerts }: AuditDeps, asked: SecurityAlertQuery): Promise<SecurityAlertPage> {
  const { limit = usual, open, before } = asked
  checkId(before)
  const found = await alerts.list({ open, before, limit: limit + 1 })
  const page = found.slice(0, limit)
  const people = page.flatMap(({ actor, acknowledgedBy }) => [actor, acknowledgedBy]).filter((id) => id !== undefined)
  const last = page.at(-1)
  return {
    alerts: page.map(alertView),
    names: await namesOf(db, people),
    ...(found.length > limit && last !== undefined && { next: last.id }),
  }
}

/** Security alerts, seen and acknowledged. */
export function alertRoutes(instance: FastifyInstance, deps: AuditDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    base,
    route('audit:read', 'Security alerts', {
      querystring: wire.SecurityAlertQuery,
      response: answers({ 200: wire.SecurityAlertPage }),
    }),
    (request) => pageOf(deps, request.query),
  )
  app.post(
    `${base}/:id/acknowledge`,
    route('alert:ack', 'Say that a security alert was seen to', {
      params: idParams,
      body: wire.AlertAcknowledge,
      response: answers({ 200: wire.SecurityAlertView }),
    }),
    async (request) => {
      const { comment } = request.body
      return alertView(await deps.alerts.acknowledge(deps.callerOf(request), request.params.id, comment))
    },
  )
}
