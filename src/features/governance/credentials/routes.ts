import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { ListedToken } from '../../../auth/credential-lists.ts'
import type { Caller } from '../../../auth/types.ts'
import { namesOf } from '../../../auth/user-lists.ts'
import { RefusedError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { onUser, refuseAbove, refuseBecoming } from '../people/above.ts'
import { answers, done, idParams, proved, route } from '../route.ts'
import type { CredentialQuery, SessionPage, TokenPage, TokenView } from './contract.ts'

const paths = { session: '/api/governance/sessions', token: '/api/governance/tokens' } as const
const usual = 50

const tokenView = ({ scopes, expiresAt, lastUsedAt, ...rest }: ListedToken): TokenView => ({
  ...rest,
  ...(scopes !== undefined && { scopes: [...scopes] }),
  ...(expiresAt !== undefined && { expiresAt }),
  ...(lastUsedAt !== undefined && { lastUsedAt }),
})

const next = (value: string | undefined) => (value === undefined ? {} : { next: value })

async function ownerOf({ db }: GovernanceDeps, table: 'aura.session' | 'aura.token', id: string): Promise<string> {
  const row = await db.selectFrom(table).select('user_id').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new RefusedError(404, 'NOT_FOUND', 'There is no such session or token')
  return row.user_id
}

async function sessionPage(
  { db, accounts }: GovernanceDeps,
  caller: Caller,
  query: CredentialQuery,
): Promise<SessionPage> {
  const page = await accounts.sessions({ limit: usual, ...query })
  const sessions = page.sessions.map((session) => ({ ...session, current: session.id === caller.credential }))
  const users = sessions.map(({ user }) => user)
  return { sessions, names: await namesOf(db, users), ...next(page.next) }
}

async function tokenPage({ db, accounts }: GovernanceDeps, query: CredentialQuery): Promise<TokenPage> {
  const page = await accounts.tokens({ limit: usual, ...query })
  const users = page.tokens.flatMap(({ user, createdBy }) => [user, createdBy])
  return { tokens: page.tokens.map(tokenView), names: await namesOf(db, users), ...next(page.next) }
}

function listRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const querystring = wire.CredentialQuery
  app.get(
    paths.session,
    route('user:read', 'Who is signed in', { querystring, response: answers({ 200: wire.SessionPage }) }),
    (request) => sessionPage(deps, deps.callerOf(request), request.query),
  )
  app.get(
    paths.token,
    route('user:read', 'API tokens of everybody', { querystring, response: answers({ 200: wire.TokenPage }) }),
    ({ query }) => tokenPage(deps, query),
  )
}

/** Sessions and tokens of everybody: seen, ended, and made for others. */
export function credentialRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { accounts, policy, callerOf, now } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const one = { params: idParams, response: answers({ 200: wire.Done }) }
  listRoutes(instance, deps)
  for (const kind of ['session', 'token'] as const) {
    app.delete(`${paths[kind]}/:id`, route('user:edit', `End a ${kind} at once`, one), async (request) => {
      const { id } = request.params
      const caller = callerOf(request)
      const owner = await ownerOf(deps, `aura.${kind}`, id)
      onUser(caller, 'user:edit', owner)
      refuseAbove(caller, owner, policy.compiled(), now())
      await (kind === 'session' ? accounts.revokeSession(caller, id) : accounts.revokeToken(caller, id))
      return done
    })
  }
  app.post(
    paths.token,
    {
      ...route('user:edit', 'Make an API token for another, such as a service', {
        body: wire.TokenCreate,
        response: answers({ 201: wire.TokenMade }),
      }),
      preHandler: proved(deps),
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { user: userId, name, scopes, expiresAt } = request.body
      onUser(caller, 'user:edit', userId)
      refuseBecoming(caller, userId, policy.compiled(), now())
      const { id, secret } = await accounts.createToken(caller, { userId, name, scopes, expiresAt })
      const createdAt = now()
      const token = {
        id,
        user: userId,
        name,
        scopes,
        createdAt,
        createdBy: caller.id,
        expiresAt,
        lastUsedAt: undefined,
      }
      return reply.code(201).send({ token: tokenView(token), secret })
    },
  )
}
