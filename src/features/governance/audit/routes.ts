import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { foreignPage, foreignSources } from '../../../audit/foreign/query.ts'
import { auditPage, newestSeq } from '../../../audit/query.ts'
import type { WatchedAudit } from '../../../audit/watchers.ts'
import type { SecurityAlerts } from '../../../audit/alerts/index.ts'
import { actorOf } from '../../../auth/policy/entries.ts'
import { namesOf } from '../../../auth/user-lists.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, route } from '../route.ts'
import { checkFilter, checkId, searched } from './asked.ts'
import type { AuditPage, AuditQuery, ForeignPage, ForeignQuery } from './contract.ts'
import { foreignView, rowView, statusView } from './view.ts'

export const base = '/api/governance/audit-logs'
const usual = 100

export interface AuditDeps extends Pick<GovernanceDeps, 'db' | 'callerOf' | 'now'> {
  readonly audit: Pick<WatchedAudit, 'record' | 'follow'>
  readonly keeper: WatchedAudit['keeper']
  readonly alerts: Pick<SecurityAlerts, 'list' | 'acknowledge' | 'follow'>
}

async function pageOf({ db }: AuditDeps, asked: AuditQuery): Promise<AuditPage> {
  checkFilter(asked)
  const { limit = usual, ...filter } = asked
  const { rows: found, newest } = await searched(auditPage(db, { ...filter, limit: limit + 1 }))
  const rows = found.slice(0, limit)
  const people = rows.map(({ actor }) => actor.id)
  const names = new Map(Object.entries(await namesOf(db, people)))
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => rowView(row, names.get(row.actor.id))),
    newest,
    ...(found.length > limit && last !== undefined && { next: last.seq }),
  }
}

async function foreignOf({ db }: AuditDeps, asked: ForeignQuery): Promise<ForeignPage> {
  checkFilter(asked)
  checkId(asked.before)
  const { limit = usual, ...filter } = asked
  const found = await searched(foreignPage(db, { ...filter, limit: limit + 1 }))
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return {
    rows: rows.map(foreignView),
    sources: await foreignSources(db),
    ...(found.length > limit && last !== undefined && { next: last.id }),
  }
}

function statusRoutes(instance: FastifyInstance, deps: AuditDeps): void {
  const { db, audit, keeper, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const response = answers({ 200: wire.AuditStatus })
  app.get(`${base}/status`, route('audit:read', 'Whether the chain is as it was written', { response }), async () =>
    statusView(keeper.state, await newestSeq(db)),
  )
  app.post(`${base}/verify`, route('audit:verify', 'Check the whole chain now', { response }), async (request) => {
    const state = await keeper.verify()
    const { verifiedTo = 0, broken } = state
    await audit.record({
      actor: actorOf(callerOf(request)),
      action: 'audit.verify',
      decision: 'none',
      after: { verifiedTo, ...(broken && { brokenAt: broken.seq, reason: broken.what }) },
      requestId: request.id,
    })
    return statusView(state, await newestSeq(db))
  })
}

/** The audit log, how its chain fares, and the lines of other programs' audit files. */
export function auditRoutes(instance: FastifyInstance, deps: AuditDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    base,
    route('audit:read', 'What happened', {
      querystring: wire.AuditQuery,
      response: answers({ 200: wire.AuditPage }),
    }),
    (request) => pageOf(deps, request.query),
  )
  app.get(
    `${base}/foreign`,
    route('audit:read', 'Lines of other programs’ audit files', {
      querystring: wire.ForeignQuery,
      response: answers({ 200: wire.ForeignPage }),
    }),
    (request) => foreignOf(deps, request.query),
  )
  statusRoutes(instance, deps)
}
