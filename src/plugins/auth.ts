import { timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Capability } from '../auth/capabilities.ts'
import { heldOf } from '../auth/callers.ts'
import { sessionCookie, setSession } from '../auth/cookie.ts'
import type { Deliverer } from '../auth/deliverer.ts'
import type { Identity } from '../auth/identity.ts'
import { actorOf } from '../auth/policy/entries.ts'
import { explain } from '../auth/policy/explain.ts'
import type { PolicyStore } from '../auth/policy/store-types.ts'
import type { Proxy } from '../auth/proxy/index.ts'
import type { Site } from '../auth/site.ts'
import type { Caller } from '../auth/types.ts'
import { RefusedError } from '../errors.ts'
import { createKeyedLimit } from '../realtime/limits/keyed.ts'
import { rights } from './rights.ts'

export interface Authenticate {
  (request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined>
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Unknown secrets of one address: each costs a look into the database. */
const misses = { rate: 20, burst: 200 }
const addresses = 10_000

const csrf = (): RefusedError =>
  new RefusedError(403, 'CSRF', 'The request does not carry the token of this session; load the page again')
const twoHeaders = (): RefusedError =>
  new RefusedError(400, 'BAD_REQUEST', 'A request carries one Authorization header at most')
const tooManyMisses = (): RefusedError =>
  new RefusedError(429, 'TOO_MANY_TRIES', 'Too many unknown sessions from this address', { retryAfter: 5 })

/** The bearer token of a request; null: none was sent. Node would silently keep the first of two headers. */
function bearer({ raw }: FastifyRequest): string | null {
  const sent = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization').length
  if (sent > 1) throw twoHeaders()
  // Other schemes belong to a proxy in front of us.
  return /^bearer +(.*)$/i.exec(raw.headers.authorization ?? '')?.[1]?.trim() ?? null
}

/** A page of another site can make a browser send the cookie, but not read the session's token and send that. */
function checkCsrf(request: FastifyRequest, caller: Caller): void {
  const { capability } = request.routeOptions.config
  if (safe.has(request.method) || request.is404 || capability === 'public') return
  const expected = Buffer.from(heldOf(caller)?.csrf ?? '')
  const sent = Buffer.from(String(request.headers['x-csrf-token'] ?? ''))
  if (expected.length === 0 || sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw csrf()
}

async function vouched(proxy: Proxy | undefined, { raw }: FastifyRequest, caller: Caller): Promise<boolean> {
  if (heldOf(caller)?.method !== 'proxy') return true
  return proxy !== undefined && proxy.vouches(raw, caller.id)
}

/** Another secret where the user's roles have changed; what is sent along with an upgrade would be lost. */
async function rotate(
  identity: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  secure: boolean,
) {
  const held = heldOf(caller)
  if (held === undefined || request.headers.upgrade !== undefined) return
  const secret = await identity.rotateAfterChange(held)
  if (secret === undefined) return
  const left = ((held.expiresAt ?? 0) - Date.now()) / 1000
  void reply.header('set-cookie', setSession(secret, secure, left))
}

/** By what a caller is known. */
interface Callers {
  readonly identity: Identity
  readonly site: Site
  readonly proxy?: Proxy | undefined
  /** Alertmanager, which has no account. */
  readonly deliverer?: Deliverer | undefined
}

/**
 * Who sends a request: whoever a bearer token stands for, and then no cookie is looked at; else whose session the cookie
 * is. Refuses requests that change something without the session's token. A session that a proxy began counts only while
 * that proxy names the same user.
 */
export function createAuthenticate({ identity, site, proxy, deliverer }: Callers): Authenticate {
  const limit = createKeyedLimit(misses, addresses, () => performance.now())
  const barred = new Map<string, number>()
  async function find(ip: string, secret: string, by: Identity['bySession']): Promise<Caller | undefined> {
    const until = barred.get(ip)
    if (until !== undefined && until > performance.now()) throw tooManyMisses()
    barred.delete(ip)
    const caller = await by(secret, ip)
    if (caller === undefined && limit.take(ip) !== undefined && barred.size < addresses) {
      barred.set(ip, performance.now() + 5000)
    }
    return caller
  }
  return async (request, reply) => {
    const token = bearer(request)
    if (token !== null) {
      const machine = deliverer?.(token, request.ip)
      return machine ?? find(request.ip, token, (...asked) => identity.byToken(...asked))
    }
    const secure = site.secure(request)
    const secret = sessionCookie(request.headers.cookie, secure)
    if (secret === undefined) return undefined
    const caller = await find(request.ip, secret, (...asked) => identity.bySession(...asked))
    if (caller === undefined || !(await vouched(proxy, request, caller))) return undefined
    checkCsrf(request, caller)
    await rotate(identity, request, reply, caller, secure)
    return caller
  }
}

/** What a refused caller is told besides: which right, and, for those who may see users, who could grant it. */
export function createDenied({ denials }: Identity, policy: Pick<PolicyStore, 'compiled'>) {
  return (caller: Caller, capability: Capability, { id, method, routeOptions }: FastifyRequest) => {
    const decision = caller.decide(capability)
    denials.record({
      actor: actorOf(caller),
      action: 'access.deny',
      object: `route:${method} ${routeOptions.url ?? ''}`,
      scope: capability,
      decision: 'deny',
      rule: explain(decision),
      requestId: id,
    })
    const grantors = caller.may('user:read') ? policy.compiled().whoCanGrant(capability, Date.now()).slice(0, 20) : []
    return { capability, reason: decision.reason, ...(grantors.length > 0 && { grantors }) }
  }
}

interface Guards extends Callers {
  readonly policy: Pick<PolicyStore, 'compiled'>
}

/**
 * Every request is resolved to whoever sends it, and checked against what its route asks for. Bodies are JSON: what a form
 * of a foreign page can send without asking is not understood at all. Register it before any route.
 */
export function registerAuth(app: FastifyInstance, guards: Guards): void {
  app.removeContentTypeParser('text/plain')
  rights(app, { principalOf: createAuthenticate(guards), denied: createDenied(guards.identity, guards.policy) })
}

/** Looks every two seconds for what ended or expired, until the app closes. */
export function watchIdentity(app: FastifyInstance, identity: Identity, every = 2000): void {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(every, undefined, { signal: stopping.signal, ref: false })
      await identity.sweep()
    }
  }
  const running = loop().catch((error: unknown) => {
    if (!stopping.signal.aborted) app.log.error({ err: error }, 'sessions are not looked after any more')
  })
  app.addHook('onClose', async () => {
    stopping.abort()
    await running
    await identity.close()
  })
}
