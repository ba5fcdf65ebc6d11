import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { RunningApprovals } from '../../../approvals/index.ts'
import type { Approval } from '../../../approvals/types.ts'
import type { Json } from '../../../audit/types.ts'
import type { Caller } from '../../../auth/types.ts'
import { namesOf } from '../../../auth/user-lists.ts'
import { RefusedError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, idParams, route } from '../route.ts'
import type { ApprovalPage, ApprovalQuery, ModelDelete } from './contract.ts'
import { viewOf } from './view.ts'

const base = '/api/governance/approvals'
const usual = 50

export interface ApprovalDeps extends Pick<GovernanceDeps, 'db' | 'callerOf'> {
  readonly approvals: RunningApprovals
  /** What exactly the deletion of a model asks for; throws where there is no such model. */
  readonly modelDeleteArgs: (model: string) => Promise<Json>
}

async function pageOf({ db, approvals }: ApprovalDeps, caller: Caller, asked: ApprovalQuery): Promise<ApprovalPage> {
  const { limit = usual, ...filter } = asked
  const found = await approvals.list({ ...filter, limit: limit + 1 })
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    approvals: await Promise.all(page.map((approval) => viewOf(approvals, caller, approval))),
    names: await namesOf(db, page.flatMap(peopleOf)),
    ...(found.length > limit && last !== undefined && { next: last.id }),
  }
}

const peopleOf = ({ requestedBy, decidedBy }: Approval): string[] =>
  decidedBy === undefined ? [requestedBy] : [requestedBy, decidedBy]

async function askToDelete({ approvals, modelDeleteArgs }: ApprovalDeps, caller: Caller, asked: ModelDelete) {
  const args = await modelDeleteArgs(asked.model)
  return viewOf(approvals, caller, await approvals.request(caller, 'model.delete', args, asked.reason))
}

function requestRoutes(instance: FastifyInstance, deps: ApprovalDeps): void {
  const { approvals, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.post(
    base,
    route('action:request', 'Ask for an act that needs a second person', {
      body: wire.ApprovalRequest,
      response: answers({ 201: wire.ApprovalView }),
    }),
    async (request, reply) => {
      const { type, args, reason } = request.body
      const caller = callerOf(request)
      const made = await approvals.request(caller, type, args as Json, reason)
      return reply.code(201).send(await viewOf(approvals, caller, made))
    },
  )
  app.post(
    '/api/models/delete',
    route('models:delete', 'Ask for the deletion of a model; a second person must approve', {
      body: wire.ModelDelete,
      response: answers({ 202: wire.ApprovalView }),
    }),
    async (request, reply) => reply.code(202).send(await askToDelete(deps, callerOf(request), request.body)),
  )
}

function decisionRoutes(instance: FastifyInstance, { approvals, callerOf }: ApprovalDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const one = { params: idParams, response: answers({ 200: wire.ApprovalView }) }
  app.post(
    `${base}/:id/approve`,
    route('action:approve', 'Let it happen', { ...one, body: wire.ApprovalApprove }),
    async (request) => {
      const caller = callerOf(request)
      const { hash, comment = '' } = request.body
      return viewOf(approvals, caller, await approvals.approve(caller, request.params.id, hash, comment))
    },
  )
  app.post(
    `${base}/:id/refuse`,
    route('action:approve', 'Refuse it', { ...one, body: wire.ApprovalRefuse }),
    async (request) => {
      const caller = callerOf(request)
      return viewOf(approvals, caller, await approvals.refuse(caller, request.params.id, request.body.comment ?? ''))
    },
  )
  app.post(`${base}/:id/withdraw`, route('action:request', 'Take one’s own request back', one), async (request) => {
    const caller = callerOf(request)
    return viewOf(approvals, caller, await approvals.withdraw(caller, request.params.id))
  })
}

/** What waits for a second person, and what became of it. */
export function approvalRoutes(instance: FastifyInstance, deps: ApprovalDeps): void {
  const { approvals, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    base,
    route('approval:read', 'Requests that need a second person', {
      querystring: wire.ApprovalQuery,
      response: answers({ 200: wire.ApprovalPage }),
    }),
    (request) => pageOf(deps, callerOf(request), request.query),
  )
  app.get(
    `${base}/:id`,
    route('approval:read', 'One request', { params: idParams, response: answers({ 200: wire.ApprovalView }) }),
    async (request) => {
      const found = await approvals.get(request.params.id)
      if (found === undefined) throw new RefusedError(404, 'NOT_FOUND', 'There is no such request')
      return viewOf(approvals, callerOf(request), found)
    },
  )
  requestRoutes(instance, deps)
  decisionRoutes(instance, deps)
}
