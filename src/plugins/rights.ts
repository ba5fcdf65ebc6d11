import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Capability } from '../auth/capabilities.ts'
import { isCapability } from '../auth/capabilities.ts'
import { principalAt } from '../auth/principal.ts'
import { refuse } from '../auth/refuse.ts'
import { StartError } from '../errors.ts'
import type { Principal } from '../realtime/types.ts'

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
    principal: Principal | undefined
  }
}

export interface RightsOptions {
  /** Who asks; by default the built-in principal for callers on this machine, and nobody else. */
  readonly principalOf?: (request: FastifyRequest) => Principal | undefined
}

const known = (capability: string | undefined): boolean =>
  capability !== undefined && (capability === 'public' || capability === 'signed-in' || isCapability(capability))

const say = ({ method, url }: RouteOptions): string => `${Array.isArray(method) ? method.join(',') : method} ${url}`

/**
 * Every route declares its capability in `config`, or the start fails naming those that do not; every request is
 * checked against it before anything else of the route runs, upgrades included. Register it before any route.
 */
export function rights(app: FastifyInstance, { principalOf = byAddress }: RightsOptions = {}): void {
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
    request.principal = principalOf(request)
    // There is no route, and the answer says no more than that.
    if (request.is404) return undefined
    const needed = request.routeOptions.config.capability
    if (needed === 'public') return undefined
    if (needed === 'signed-in' && request.principal !== undefined) return undefined
    if (needed !== undefined && request.principal?.may(needed) === true) return undefined
    const message =
      request.principal === undefined
        ? 'Only callers on this machine are served until there are accounts'
        : `You do not hold the right ${needed ?? ''}`
    return refuse(reply, { status: 403, code: 'FORBIDDEN', message })
  })
}

/** For routes that a foreign plugin registers in this scope, such as static files: all get the same capability. */
export function declareAll(scope: FastifyInstance, capability: Capability | 'public'): void {
  scope.addHook('onRoute', (route) => {
    route.config = { capability, ...route.config }
  })
}

const byAddress = ({ socket }: FastifyRequest): Principal | undefined => principalAt(socket.remoteAddress)
