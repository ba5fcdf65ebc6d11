import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Group } from '../../../auth/policy/types.ts'
import { wire } from '../../schemas.ts'
import type { GroupView } from '../contract.ts'
import type { GovernanceDeps } from '../deps.ts'
import { namesOf } from '../../../auth/user-lists.ts'
import { answers, done, idParams, proved, route } from '../route.ts'

const base = '/api/governance/groups'

const view = ({ id, name, members }: Group): GroupView => ({ id, name, members: [...members] })

/** Groups of users, to which roles are given as to one. */
export function groupRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { db, policy, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const preHandler = proved(deps)
  const edit = { body: wire.GroupEdit }
  app.get(
    base,
    route('role:read', 'Groups and who is in them', { response: answers({ 200: wire.GroupList }) }),
    async () => {
      const groups = policy.compiled().policy.groups.map(view)
      return {
        groups,
        names: await namesOf(
          db,
          groups.flatMap(({ members }) => members),
        ),
      }
    },
  )
  app.post(
    base,
    { ...route('role:assign', 'Create a group', { ...edit, response: answers({ 201: wire.GroupView }) }), preHandler },
    async (request, reply) => {
      const group = await policy.createGroup(callerOf(request), request.body, { requestId: request.id })
      return reply.code(201).send(view(group))
    },
  )
  app.put(
    `${base}/:id`,
    {
      ...route('role:assign', 'Change a group', {
        ...edit,
        params: idParams,
        response: answers({ 200: wire.GroupView }),
      }),
      preHandler,
    },
    async (request) => {
      const group = { ...request.body, id: request.params.id }
      return view(await policy.updateGroup(callerOf(request), group, { requestId: request.id }))
    },
  )
  app.delete(
    `${base}/:id`,
    {
      ...route('role:assign', 'Delete a group, and what was given to it', {
        params: idParams,
        response: answers({ 200: wire.Done }),
      }),
      preHandler,
    },
    async (request) => {
      await policy.deleteGroup(callerOf(request), request.params.id, { requestId: request.id })
      return done
    },
  )
}
