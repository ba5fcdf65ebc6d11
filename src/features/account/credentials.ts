import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { TObject, TString } from 'typebox'
import type { ListedSession, ListedToken } from '../../auth/credential-lists.ts'
import type { Caller } from '../../auth/types.ts'
import { RefusedError } from '../../errors.ts'
import { wire } from '../schemas.ts'
import type { AccountSessions, AccountTokens } from './contract.ts'
import { callerOf, identityOf, proved, type AccountDeps } from './deps.ts'
import { account, answers } from './route.ts'

const params = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 200 } },
  required: ['id'],
} as unknown as TObject<{ id: TString }>

const done = { done: true } as const
const doneAnswer = { params, response: answers({ 200: wire.AccountDone }) }
/** More of one's own nobody looks at; the rest is in the panel. */
const most = 200

/** A token could otherwise list, and end, what only a person should. */
function person(caller: Caller): Caller {
  if (caller.proof !== 'token') return caller
  throw new RefusedError(403, 'NO_SESSION', 'This takes a session, not a token')
}

const sessionView = (session: ListedSession, current: string | undefined): AccountSessions['sessions'][number] => {
  const { id, createdAt, lastSeenAt, expiresAt, ip, agent, method } = session
  return { id, createdAt, lastSeenAt, expiresAt, ip, agent, method, current: id === current }
}

const tokenView = ({ id, name, createdAt, scopes, expiresAt, lastUsedAt }: ListedToken): OwnToken => ({
  id,
  name,
  createdAt,
  ...(scopes !== undefined && { scopes: [...scopes] }),
  ...(expiresAt !== undefined && { expiresAt }),
  ...(lastUsedAt !== undefined && { lastUsedAt }),
})

type OwnToken = AccountTokens['tokens'][number]

function ownSessions(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/account/sessions',
    account('signed-in', 'One’s own sessions', { response: answers({ 200: wire.AccountSessions }) }),
    async (asked) => {
      const { id, credential } = person(callerOf(asked))
      const { sessions } = await identityOf(deps).accounts.sessions({ user: id, limit: most })
      return {
        sessions: sessions.map((each) => sessionView(each, credential)),
      }
    },
  )
  app.delete(
    '/api/account/sessions/:id',
    account('signed-in', 'End one of one’s own sessions', doneAnswer),
    async (asked) => {
      const caller = person(callerOf(asked))
      await identityOf(deps).accounts.revokeSession(caller, asked.params.id, caller.id)
      return done
    },
  )
}

function ownTokens(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/account/tokens',
    account('signed-in', 'One’s own tokens', { response: answers({ 200: wire.AccountTokens }) }),
    async (asked) => {
      const { tokens } = await identityOf(deps).accounts.tokens({ user: person(callerOf(asked)).id, limit: most })
      return { tokens: tokens.map(tokenView) }
    },
  )
  app.post(
    '/api/account/tokens',
    account('token:create', 'Make a token for oneself', {
      body: wire.AccountTokenCreate,
      response: answers({ 201: wire.AccountTokenMade }),
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      proved(deps, caller)
      const made = await identityOf(deps).accounts.createToken(caller, { ...request.body, userId: caller.id })
      void reply.header('cache-control', 'no-store')
      return reply.code(201).send(made)
    },
  )
  app.delete(
    '/api/account/tokens/:id',
    account('signed-in', 'Take one of one’s own tokens away', doneAnswer),
    async (asked) => {
      const caller = person(callerOf(asked))
      await identityOf(deps).accounts.revokeToken(caller, asked.params.id, caller.id)
      return done
    },
  )
}

/** One’s own sessions and tokens, and tickets for the live bridge. */
export function credentialRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  ownSessions(plain, deps)
  ownTokens(plain, deps)
  plain.post(
    '/api/account/ticket',
    account('signed-in', 'A ticket for the live bridge', { response: answers({ 200: wire.AccountTicket }) }),
    async (request, reply) => {
      const ticket = identityOf(deps).tickets.issue(callerOf(request), request.headers.origin ?? '')
      if (ticket === undefined)
        throw new RefusedError(429, 'TOO_MANY', 'Too many tickets are unused', { retryAfter: 5 })
      void reply.header('cache-control', 'no-store')
      return ticket
    },
  )
}
