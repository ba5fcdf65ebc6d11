import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { capabilities } from '../../../auth/capabilities.ts'
import { RefusedError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, done, idParams, proved, route } from '../route.ts'
import { effectiveOf } from './effective.ts'
import { fieldsOf, roleTree, roleView } from './view.ts'

const base = '/api/governance/roles'

const list = Object.entries(capabilities).map(([key, description]) => ({ key, description }))

function readRoutes(instance: FastifyInstance, { policy, now }: GovernanceDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    base,
    route('role:read', 'The role tree, with what each role comes to', { response: answers({ 200: wire.RoleTree }) }),
    () => roleTree(policy.compiled(), now()),
  )
  app.get(
    '/api/governance/capabilities',
    route('role:read', 'Every right there is', { response: answers({ 200: wire.CapabilityList }) }),
    () => ({ capabilities: list }),
  )
  app.get(
    `${base}/:id/effective`,
    route('role:read', 'What a role may do, and where each right comes from', {
      params: idParams,
      response: answers({ 200: wire.EffectiveRights }),
    }),
    ({ params }) => {
      const index = policy.compiled()
      const role = index.roles.get(params.id)
      if (role === undefined) throw new RefusedError(404, 'NOT_FOUND', 'There is no such role')
      return effectiveOf(role, index.policy.version)
    },
  )
}

/** Roles: the tree and its edits. What refuses an edit is the policy's to say. */
export function roleRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { policy, callerOf, now } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const preHandler = proved(deps)
  readRoutes(instance, deps)
  app.post(
    base,
    {
      ...route('role:edit', 'Create a role', { body: wire.RoleCreate, response: answers({ 201: wire.RoleView }) }),
      preHandler,
    },
    async (request, reply) => {
      const { id, ...fields } = request.body
      const role = await policy.createRole(callerOf(request), id, fieldsOf(fields), { requestId: request.id })
      return reply.code(201).send(roleView(role, policy.compiled(), now()))
    },
  )
  app.put(
    `${base}/:id`,
    {
      ...route('role:edit', 'Change a role', {
        params: idParams,
        body: wire.RoleEdit,
        response: answers({ 200: wire.RoleView }),
      }),
      preHandler,
    },
    async (request) => {
      const { version, ...fields } = request.body
      const within = { requestId: request.id }
      const role = await policy.updateRole(callerOf(request), request.params.id, fieldsOf(fields), version, within)
      return roleView(role, policy.compiled(), now())
    },
  )
  app.delete(
    `${base}/:id`,
    {
      ...route('role:edit', 'Delete a role that nobody holds', {
        params: idParams,
        querystring: wire.VersionQuery,
        response: answers({ 200: wire.Done }),
      }),
      preHandler,
    },
    async (request) => {
      const { params, query } = request
      await policy.deleteRole(callerOf(request), params.id, query.version, { requestId: request.id })
      return done
    },
  )
}
