import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Separation } from '../../../auth/policy/types.ts'
import { wire } from '../../schemas.ts'
import type { SeparationView } from '../contract.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, done, idParams, proved, route } from '../route.ts'

const base = '/api/governance/separations'

const view = ({ members, ...rest }: Separation): SeparationView => ({ ...rest, members: [...members] })

/** What one person may not hold, or do to one object, together. */
export function separationRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { policy, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const preHandler = proved(deps)
  app.get(base, route('role:read', 'Separations of duty', { response: answers({ 200: wire.SeparationList }) }), () => ({
    separations: policy.compiled().policy.separations.map(view),
  }))
  app.post(
    base,
    {
      ...route('role:edit', 'Create a separation of duty', {
        body: wire.SeparationCreate,
        response: answers({ 201: wire.SeparationView }),
      }),
      preHandler,
    },
    async (request, reply) => {
      const made = await policy.createSeparation(callerOf(request), request.body, { requestId: request.id })
      return reply.code(201).send(view(made))
    },
  )
  app.delete(
    `${base}/:id`,
    {
      ...route('role:edit', 'Delete a separation of duty', { params: idParams, response: answers({ 200: wire.Done }) }),
      preHandler,
    },
    async (request) => {
      await policy.deleteSeparation(callerOf(request), request.params.id, { requestId: request.id })
      return done
    },
  )
}
