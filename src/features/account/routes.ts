import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../auth/types.ts'
import { RefusedError } from '../../errors.ts'
import { wire } from '../schemas.ts'
import { credentialRoutes } from './credentials.ts'
import { callerOf, fromOf, handOut, identityOf, type AccountDeps } from './deps.ts'
import { externalRoutes } from './external.ts'
import { account, answers } from './route.ts'
import { accountView } from './view.ts'

const view = { response: answers({ 200: wire.AccountView }) }

/** The account of a session that was just handed out. */
async function signedIn(
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
): Promise<Caller> {
  const identity = identityOf(deps)
  handOut(deps, request, reply, { secret, seconds: identity.lifetime / 1000 })
  const caller = await identity.bySession(secret, request.ip)
  if (caller === undefined) throw new RefusedError(401, 'UNAUTHENTICATED', 'This session has ended already')
  return caller
}

function methodsOf({ oidc, proxy }: AccountDeps) {
  return [
    { kind: 'password', name: 'Password' },
    ...(oidc === undefined ? [] : [{ kind: 'oidc', name: oidc.name, url: '/api/account/oidc/start' }]),
    ...(proxy === undefined ? [] : [{ kind: 'proxy', name: proxy.name, url: '/api/account/proxy/start' }]),
  ]
}

function entryRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/account/methods',
    account('public', 'How one can sign in', { response: answers({ 200: wire.AccountMethods }) }),
    async () => {
      const { identity } = deps
      if (identity === undefined) return { mode: 'none' as const, setup: false, methods: [] }
      return { mode: 'accounts' as const, setup: await identity.setup.needed(), methods: methodsOf(deps) }
    },
  )
  app.post(
    '/api/account/setup',
    account('public', 'Use a one-time link up', { body: wire.AccountSetup, ...view }),
    async (request, reply) => {
      const { secret } = await identityOf(deps).setup.accept(request.body, fromOf(request))
      return accountView(deps, await signedIn(deps, request, reply, secret))
    },
  )
  app.post(
    '/api/account/sign-in',
    account('public', 'Sign in with a password', { body: wire.AccountSignIn, ...view }),
    async (request, reply) => {
      const { login, password } = request.body
      const { signIn } = identityOf(deps)
      const { secret } = await signIn.signIn(login, password, fromOf(request), request.principal)
      return accountView(deps, await signedIn(deps, request, reply, secret))
    },
  )
}

function sessionRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get('/api/account', account('signed-in', 'Who one is, and what one may do', view), async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    return accountView(deps, callerOf(request))
  })
  app.post(
    '/api/account/sign-out',
    account('signed-in', 'End this session', { response: answers({ 200: wire.AccountDone }) }),
    async (request, reply) => {
      await identityOf(deps).signIn.signOut(callerOf(request), fromOf(request))
      handOut(deps, request, reply, { secret: '', seconds: 0 })
      return { done: true as const }
    },
  )
  app.post(
    '/api/account/confirm',
    account('signed-in', 'Prove once more who one is', { body: wire.AccountConfirm, ...view }),
    async (request, reply) => {
      const { signIn } = identityOf(deps)
      const secret = await signIn.confirm(callerOf(request), request.body.password, fromOf(request))
      return accountView(deps, await signedIn(deps, request, reply, secret))
    },
  )
  app.put(
    '/api/account/password',
    account('signed-in', 'Another password; every other session ends', { body: wire.AccountPassword, ...view }),
    async (request, reply) => {
      const { signIn } = identityOf(deps)
      const secret = await signIn.changePassword(callerOf(request), request.body, fromOf(request))
      return accountView(deps, await signedIn(deps, request, reply, secret))
    },
  )
}

/** `/api/account/…`: signing in and out, and one's own sessions and tokens. */
export function accountRoutes(app: FastifyInstance, deps: AccountDeps): void {
  entryRoutes(app, deps)
  sessionRoutes(app, deps)
  externalRoutes(app, deps)
  credentialRoutes(app, deps)
}
