import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { noSuchUser } from '../../../auth/users.ts'
import { wire } from '../../schemas.ts'
import type { Invited, UserView } from '../contract.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, idParams, proved, route } from '../route.ts'
import { onUser, refuseBecoming } from './above.ts'
import { userView } from './user-view.ts'

const base = '/api/governance/users'
const usual = 50

/** A user as they are now. */
export async function viewNow({ accounts, policy, now }: GovernanceDeps, id: string): Promise<UserView> {
  const user = await accounts.user(id)
  if (user === undefined) throw noSuchUser()
  return userView(user, policy.compiled(), now())
}

type Invitation = Awaited<ReturnType<GovernanceDeps['accounts']['invite']>>

async function invited(deps: GovernanceDeps, { user, invitation }: Invitation): Promise<Invited> {
  const url = deps.invitationPath(invitation.secret)
  return { user: await viewNow(deps, user.id), invitation: { url, expiresAt: invitation.expiresAt } }
}

/** Users: the list, and how they come to be. */
export function userRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { accounts, policy, callerOf, now } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    base,
    route('user:read', 'Users', { querystring: wire.UserQuery, response: answers({ 200: wire.UserPage }) }),
    async ({ query: { ids, limit = usual, ...query } }) => {
      const page = await accounts.users({ ...query, limit, ...(ids !== undefined && { ids: ids.split(',') }) })
      const users = page.users.map((user) => userView(user, policy.compiled(), now()))
      return { users, ...(page.next !== undefined && { next: page.next }) }
    },
  )
  app.get(
    `${base}/:id`,
    route('user:read', 'One user', { params: idParams, response: answers({ 200: wire.UserView }) }),
    ({ params }) => viewNow(deps, params.id),
  )
  app.post(
    base,
    {
      ...route('user:edit', 'Create a user, and a link for them to choose a password', {
        body: wire.UserCreate,
        response: answers({ 201: wire.Invited }),
      }),
      preHandler: proved(deps),
    },
    async (request, reply) =>
      reply.code(201).send(await invited(deps, await accounts.create(callerOf(request), request.body))),
  )
  app.post(
    `${base}/:id/invitation`,
    {
      ...route('user:edit', 'Another link to choose a password; the one before is void', {
        params: idParams,
        response: answers({ 200: wire.Invited }),
      }),
      preHandler: proved(deps),
    },
    async (request) => {
      const caller = callerOf(request)
      onUser(caller, 'user:edit', request.params.id)
      refuseBecoming(caller, request.params.id, policy.compiled(), now())
      return invited(deps, await accounts.invite(caller, request.params.id))
    },
  )
}
