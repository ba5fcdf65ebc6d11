import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearSession, setSession } from '../../auth/cookie.ts'
import type { Identity } from '../../auth/identity.ts'
import type { From } from '../../auth/identity-deps.ts'
import type { Oidc } from '../../auth/oidc/index.ts'
import type { CompiledPolicy } from '../../auth/policy/types.ts'
import type { Proxy } from '../../auth/proxy/index.ts'
import { provedLately } from '../../auth/recent.ts'
import type { Site } from '../../auth/site.ts'
import type { Caller } from '../../auth/types.ts'
import { RefusedError } from '../../errors.ts'

export interface AccountDeps {
  /** Undefined where there are no accounts. */
  readonly identity: Identity | undefined
  readonly compiled: () => CompiledPolicy
  readonly site: Pick<Site, 'secure' | 'origins'>
  /** Undefined: nobody signs in at a provider. */
  readonly oidc?: Oidc | undefined
  /** Undefined: nobody comes through a proxy that signs people in. */
  readonly proxy?: Proxy | undefined
  /** ms since the epoch. */
  readonly now: () => number
}

const withoutAccounts = (): RefusedError =>
  new RefusedError(404, 'NO_ACCOUNTS', 'There are no accounts here: auth.mode is none')

/** Who people are; throws where there are no accounts. */
export function identityOf({ identity }: AccountDeps): Identity {
  if (identity === undefined) throw withoutAccounts()
  return identity
}

/** Who asks, on a route for those who are signed in. */
export function callerOf({ principal }: FastifyRequest): Caller {
  if (principal === undefined) throw new RefusedError(401, 'UNAUTHENTICATED', 'Sign in first')
  return principal
}

/** Throws unless the caller proved lately enough who it is. */
export function proved(deps: AccountDeps, caller: Caller): void {
  if (provedLately(caller, deps.now(), identityOf(deps).reauthentication)) return
  throw new RefusedError(403, 'REAUTHENTICATION_REQUIRED', 'Prove once more who you are, then try again')
}

export const fromOf = ({ ip, headers, id }: FastifyRequest): From => ({
  ip,
  agent: headers['user-agent'] ?? '',
  requestId: id,
})

/** Hands the browser a session's secret. */
export function handOut({ site }: AccountDeps, request: FastifyRequest, reply: FastifyReply, cookie: Cookie): void {
  const secure = site.secure(request)
  const { secret, seconds } = cookie
  void reply.header('set-cookie', secret === '' ? clearSession(secure) : setSession(secret, secure, seconds))
  void reply.header('cache-control', 'no-store')
}

export interface Cookie {
  /** Empty: the browser forgets it. */
  readonly secret: string
  readonly seconds: number
}
