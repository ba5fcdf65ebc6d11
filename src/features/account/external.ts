import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type TObject, type TOptional, type TString } from 'typebox'
import { heldOf } from '../../auth/callers.ts'
import { cookieValue } from '../../auth/cookie.ts'
import { flowLife, type Flow } from '../../auth/oidc/flows.ts'
import { noProvider } from '../../auth/oidc/errors.ts'
import type { Oidc } from '../../auth/oidc/index.ts'
import { safeReturn } from '../../auth/return-path.ts'
import type { Caller } from '../../auth/types.ts'
import { RefusedError } from '../../errors.ts'
import { createKeyedLimit } from '../../realtime/limits/keyed.ts'
import { wire } from '../schemas.ts'
import { callerOf, fromOf, handOut, identityOf, proved, type AccountDeps } from './deps.ts'
import { sayToPeople } from './problem-page.ts'
import { account, answers } from './route.ts'

const callback = '/api/account/oidc/callback'

const querystring = {
  type: 'object',
  properties: { to: { type: 'string', maxLength: 2000 } },
} as unknown as TObject<{ to: TOptional<TString> }>

/** Ways in that were begun by one address; each is remembered until it ends. */
const begins = { rate: 2, burst: 100 }

const tooMany = (retryAfter: number): RefusedError =>
  new RefusedError(429, 'TOO_MANY_TRIES', 'Too many have begun to sign in from this address', { retryAfter })
const noSession = (): RefusedError => new RefusedError(403, 'NO_SESSION', 'This takes a session, not a token')

const flowCookie = (secure: boolean): string => (secure ? '__Host-aura_sign_in' : 'aura_sign_in')

/** Lax: the browser comes back from another site. */
const setFlow = (secret: string, secure: boolean, seconds: number): string =>
  `${flowCookie(secure)}=${secret}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

function oidcOf(deps: AccountDeps): Oidc {
  identityOf(deps)
  if (deps.oidc === undefined) throw noProvider()
  return deps.oidc
}

/** This Aura as the browser sees it; the Host header was looked at before anything else. */
const baseOf = ({ site }: AccountDeps, { protocol, headers }: FastifyRequest): string =>
  site.origins[0] ?? `${protocol}://${headers.host ?? ''}`

function sessionOf(caller: Caller): Caller {
  if (heldOf(caller)?.kind !== 'session') throw noSession()
  return caller
}

interface Way {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly to: string | undefined
  readonly purpose: Flow['purpose']
}

/** Begins a way to the provider; resolves with the address to go to. */
function createBegin(deps: AccountDeps) {
  const limit = createKeyedLimit(begins, 10_000, () => performance.now())
  return async ({ request, reply, to, purpose }: Way, caller?: Caller): Promise<string> => {
    const oidc = oidcOf(deps)
    const wait = limit.take(request.ip)
    if (wait !== undefined) throw tooMany(wait)
    const about = { redirectUri: baseOf(deps, request) + callback, to: safeReturn(to), purpose }
    const { url, secret } = await oidc.begin(about, caller)
    void reply.header('set-cookie', setFlow(secret, deps.site.secure(request), flowLife / 1000))
    return url.href
  }
}

function awayRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  const begin = createBegin(deps)
  app.get(
    '/api/account/oidc/start',
    account('public', 'Go to the provider to sign in', { querystring }),
    async (request, reply) =>
      sayToPeople(request, reply, async () =>
        reply.redirect(await begin({ request, reply, to: request.query.to, purpose: 'sign-in' })),
      ),
  )
  app.get(
    '/api/account/oidc/confirm',
    account('signed-in', 'Go to the provider to prove once more who one is', { querystring }),
    async (request, reply) =>
      sayToPeople(request, reply, async () => {
        const caller = sessionOf(callerOf(request))
        return reply.redirect(await begin({ request, reply, to: request.query.to, purpose: 'confirm' }, caller))
      }),
  )
  // Not an address to go to: another site could send somebody there, who would tie a stranger's account to theirs.
  app.post(
    '/api/account/oidc/link',
    account('signed-in', 'Learn where to go to tie an account at the provider to one’s own', {
      body: wire.AccountLink,
      response: answers({ 200: wire.AccountAway }),
    }),
    async (request, reply) => {
      const caller = sessionOf(callerOf(request))
      proved(deps, caller)
      void reply.header('cache-control', 'no-store')
      return { url: await begin({ request, reply, to: request.body.to, purpose: 'link' }, caller) }
    },
  )
}

function returnRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(callback, account('public', 'Come back from the provider', {}), async (request, reply) =>
    sayToPeople(request, reply, async () => {
      const oidc = oidcOf(deps)
      const secure = deps.site.secure(request)
      const browser = cookieValue(request.headers.cookie, flowCookie(secure))
      const start = request.url.indexOf('?')
      const search = start < 0 ? '' : request.url.slice(start)
      const { secret, to } = await oidc.finish(search, browser, fromOf(request), request.principal)
      void reply.header('set-cookie', setFlow('', secure, 0))
      const seconds = identityOf(deps).lifetime / 1000
      if (secret !== undefined) handOut(deps, request, reply, { secret, seconds })
      return reply.redirect(to)
    }),
  )
  app.post(
    '/api/account/oidc/sign-out',
    account('signed-in', 'End this session, and learn where to end that of the provider', {
      response: answers({ 200: wire.AccountSignedOut }),
    }),
    async (request, reply) => {
      const oidc = oidcOf(deps)
      await identityOf(deps).signIn.signOut(callerOf(request), fromOf(request))
      handOut(deps, request, reply, { secret: '', seconds: 0 })
      const url = await oidc.signOutUrl(`${baseOf(deps, request)}/`)
      return { done: true as const, ...(url !== undefined && { url: url.href }) }
    },
  )
}

/** By a provider, and through a proxy. */
export function externalRoutes(plain: FastifyInstance, deps: AccountDeps): void {
  awayRoutes(plain, deps)
  returnRoutes(plain, deps)
  plain
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/api/account/proxy/start',
      account('public', 'Come in as whom the proxy names', { querystring }),
      async (request, reply) =>
        sayToPeople(request, reply, async () => {
          const { signIn, external, lifetime } = identityOf(deps)
          const person = deps.proxy?.person(request.raw)
          if (deps.proxy === undefined || person === undefined) throw noProvider()
          const { rules, confirms } = deps.proxy
          const userId = await external.admit(person, rules, fromOf(request))
          const provedAt = confirms ? deps.now() : 0
          const { secret } = await signIn.open(userId, fromOf(request), 'proxy', request.principal, provedAt)
          handOut(deps, request, reply, { secret, seconds: lifetime / 1000 })
          return reply.redirect(safeReturn(request.query.to))
        }),
    )
}
