import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../../../auth/types.ts'
import { InvalidRequestError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, idParams, proved, route } from '../route.ts'
import { onUser, refuseAbove } from './above.ts'
import { viewNow } from './users.ts'

const base = '/api/governance/users'

/** Locks, unlocks and erases users, those above oneself excepted. */
export function userStateRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { accounts, policy, callerOf, now } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  function allowed(request: FastifyRequest, id: string): Caller {
    const caller = callerOf(request)
    onUser(caller, 'user:edit', id)
    refuseAbove(caller, id, policy.compiled(), now())
    return caller
  }
  const schema = { params: idParams, response: answers({ 200: wire.UserView }) }

  app.post(`${base}/:id/lock`, route('user:edit', 'Lock a user out, at once', schema), async (request) => {
    await accounts.lock(allowed(request, request.params.id), request.params.id)
    return viewNow(deps, request.params.id)
  })
  app.post(
    `${base}/:id/unlock`,
    { ...route('user:edit', 'Let a locked user in again', schema), preHandler: proved(deps) },
    async (request) => {
      await accounts.unlock(allowed(request, request.params.id), request.params.id)
      return viewNow(deps, request.params.id)
    },
  )
  app.post(
    `${base}/:id/erase`,
    {
      ...route('user:edit', 'Erase a user’s personal data; the id alone is left', { ...schema, body: wire.UserErase }),
      preHandler: proved(deps),
    },
    async (request) => {
      const { id } = request.params
      const caller = allowed(request, id)
      const user = await accounts.user(id)
      if (user?.login === undefined || user.login !== request.body.login) {
        throw new InvalidRequestError('That is not the name this user signs in with')
      }
      await accounts.erase(caller, id)
      return viewNow(deps, id)
    },
  )
}
