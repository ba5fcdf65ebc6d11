import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Capability } from '../auth/capabilities.ts'
import { isCapability } from '../auth/capabilities.ts'
import { principalAt } from '../auth/principal.ts'
import { refuse, type Refused } from '../auth/refuse.ts'
import type { Caller } from '../auth/types.ts'
import { RefusedError, StartError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What a caller must hold; `'public'`: nothing; `'signed-in'`: nothing but to be somebody. Every route says so, or
     * Aura does not start.
     */
    capability?: Capability | 'public' | 'signed-in'
  }
  interface FastifyRequest {
    /** Who asks; undefined for a caller that nobody vouches for, which then reaches public routes only. */
    principal: Caller | undefined
  }
}

export interface RightsOptions {
  /** Who asks; by default the built-in principal for callers on this machine, and nobody else. */
  readonly principalOf?: (
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Caller | undefined | Promise<Caller | undefined>
  /** What a caller who is somebody, but lacks a right, is told besides; also the place to write it down. */
  readonly denied?: (caller: Caller, capability: Capability, request: FastifyRequest) => Refused['details']
}

const known = (capability: string | undefined): boolean =>
  capability !== undefined && (capability === 'public' || capability === 'signed-in' || isCapability(capability))

const say = ({ method, url }: RouteOptions): string => `${Array.isArray(method) ? method.join(',') : method} ${url}`

/**
 * Every route declares its capability in `config`, or the start fails naming those that do not; every request is
 * checked against it before anything else of the route runs, upgrades included. Register it before any route.
 */
export function rights(app: FastifyInstance, { principalOf = byAddress, denied }: RightsOptions = {}): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  // Not in onRoute itself: `declareAll` of an inner scope runs after it.
  app.addHook('onReady', (done) => {
    const undeclared = routes.filter(({ config }) => !known(config?.capability)).map(say)
    done(
      undeclared.length === 0
        ? undefined
        : new StartError(`routes without a capability in their config: ${[...new Set(undeclared)].join('; ')}`),
    )
  })
  app.decorateRequest('principal')
  app.addHook('onRequest', async (request, reply) => {
    request.principal = await principalOf(request, reply)
    // There is no route, and the answer says no more than that.
    if (request.is404) return undefined
    const { principal } = request
    const needed = request.routeOptions.config.capability
    if (needed === 'public') return undefined
    if (principal === undefined) return refuse(reply, principalOf === byAddress ? onlyHere : nobody)
    if (needed === 'signed-in' || (needed !== undefined && principal.may(needed))) return undefined
    const details = needed === undefined ? {} : denied?.(principal, needed, request)
    const message = `You do not hold the right ${needed ?? ''}`
    return refuse(reply, { status: 403, code: 'FORBIDDEN', message, ...(details && { details }) })
  })
}

const nobody: Refused = { status: 401, code: 'UNAUTHENTICATED', message: 'Sign in first' }
const onlyHere: Refused = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'Only callers on this machine are served while there are no accounts',
}

/** For routes that a foreign plugin registers in this scope, such as static files: all get the same capability. */
export function declareAll(scope: FastifyInstance, capability: Capability | 'public'): void {
  scope.addHook('onRoute', (route) => {
    route.config = { capability, ...route.config }
  })
}

const byAddress = ({ socket }: FastifyRequest): Caller | undefined => principalAt(socket.remoteAddress)

/** Who asks, on routes that are not public; throws where nobody is signed in. */
export function callerOf({ principal }: FastifyRequest): Caller {
  if (principal === undefined) throw new RefusedError(401, nobody.code, nobody.message)
  return principal
}
