import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../auth/refuse.ts'
import { isSame } from '../auth/secrets.ts'
import type { Bridge } from '../realtime/bridge.ts'
import { errors, type ErrorReply } from '../realtime/codes.ts'
import type { CentrifugoEngine } from '../realtime/engines/centrifugo/index.ts'
import type { Hub } from '../realtime/hub.ts'
import type { Principal } from '../realtime/types.ts'

/** Header by which Centrifugo shows that it is the one that was configured; lower case. */
const secretHeader = 'x-aura-proxy-secret'

export interface CentrifugoProxyOptions {
  readonly hub: Hub
  readonly engine: Pick<CentrifugoEngine, 'snapshot' | 'joined'>
  readonly secret: string
  /** How long rights are taken for granted, ms; 0 is for ever. */
  readonly recheck: number
  readonly contract: number
  /** Who is behind the connection that Centrifugo asks about, by the headers it passes on. */
  readonly authenticate: Bridge['authenticate']
  readonly allowsOrigin: Bridge['allowsOrigin']
  /** True while nobody is let in. */
  readonly closed: () => boolean
  /** Told of everyone who is let in. */
  readonly seen: (principal: Principal) => void
}

type Body = Readonly<Record<string, unknown>>

const textOf = (body: Body, key: string): string => (typeof body[key] === 'string' ? body[key] : '')
const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
const same = (principal: Principal, body: Body): boolean => principal.id === textOf(body, 'user')

const failed = (error: ErrorReply): object => ({ error })
const result = (fields: object): object => ({ result: fields })

/** Until when, in seconds since the epoch, as Centrifugo wants it. */
const until = (recheck: number): object => (recheck > 0 ? { expire_at: Math.ceil((Date.now() + recheck) / 1000) } : {})

/** The reply to a subscription; `snapshot` is JSON already. */
function granted(recheck: number, snapshot: string | undefined): string {
  const head = JSON.stringify(until(recheck)).slice(0, -1)
  const data = snapshot === undefined ? '' : `${head === '{' ? '' : ','}"data":${snapshot}`
  return `{"result":${head}${data}}}`
}

/** What each of Centrifugo's questions is answered with; a string is JSON already. */
type Answer = (principal: Principal, body: Body) => object | string

function createAnswers({ hub, engine, recheck, contract, seen }: CentrifugoProxyOptions): Record<string, Answer> {
  const mayRead = (principal: Principal, channel: string): ErrorReply | undefined => {
    const topic = hub.topic(channel)
    if (topic === undefined) return errors.unknownChannel
    return principal.may(topic.capability) ? undefined : errors.denied
  }

  function resync(principal: Principal, channel: string): object {
    const refusal = mayRead(principal, channel)
    if (refusal !== undefined) return failed(refusal)
    const snapshot = engine.snapshot(channel)
    if (snapshot === undefined) return failed(errors.badRequest)
    // Our offsets are not Centrifugo's: 0 stands for none.
    return result({ data: { channel, publications: [{ offset: 0, data: JSON.parse(snapshot) as unknown }] } })
  }
  return {
    connect(principal) {
      seen(principal)
      const data = { serverTime: Date.now(), contract, principal: { name: principal.name } }
      return result({ user: principal.id, ...until(recheck), data })
    },
    refresh: (principal, body) => result(same(principal, body) ? until(recheck) : { expired: true }),
    subscribe(principal, body) {
      const channel = textOf(body, 'channel')
      const refusal = same(principal, body) ? mayRead(principal, channel) : errors.unauthorized
      if (refusal !== undefined) return failed(refusal)
      engine.joined(channel)
      return granted(recheck, engine.snapshot(channel))
    },
    sub_refresh(principal, body) {
      const gone = !same(principal, body) || mayRead(principal, textOf(body, 'channel')) !== undefined
      return result(gone ? { expired: true } : until(recheck))
    },
    rpc(principal, body) {
      const arrived = Date.now()
      const data = isBody(body['data']) ? body['data'] : {}
      const method = textOf(body, 'method')
      if (method === 'resync') return resync(principal, textOf(data, 'channel'))
      if (method !== 'rt' || typeof data['t0'] !== 'number') return failed(errors.badRequest)
      return result({ data: { t0: data['t0'], t1: arrived, t2: Date.now() } })
    },
  }
}

/** What someone is told who is not, or no longer, anybody: refreshes end what they ask about. */
const stranger = (name: string): object =>
  name === 'refresh' || name === 'sub_refresh' ? result({ expired: true }) : failed(errors.unauthorized)

/**
 * `/api/centrifugo/{connect,refresh,subscribe,sub_refresh,rpc}`: what Centrifugo's proxies ask before it lets anyone in.
 * Only a caller with the secret is answered, and rights are judged as for our own connections.
 */
export function centrifugoProxy(app: FastifyInstance, options: CentrifugoProxyOptions): void {
  const isSecret = isSame(options.secret)
  const known = (header: string | string[] | undefined): boolean => typeof header === 'string' && isSecret(header)

  async function check(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (!known(request.headers[secretHeader])) {
      return refuse(reply, { status: 403, code: 'SECRET', message: 'Only the configured Centrifugo is answered' })
    }
    if (!options.closed()) return undefined
    return refuse(reply, { status: 503, code: 'SHUTDOWN', message: 'Shutting down', retryAfter: 1 })
  }
  const schema: object = { hide: true }
  for (const [name, answer] of Object.entries(createAnswers(options))) {
    app.post(
      `/api/centrifugo/${name}`,
      { config: { capability: 'public' }, schema, bodyLimit: 64 * 1024, onRequest: check },
      async (request, reply) => {
        const { body } = request
        if (!isBody(body)) return failed(errors.badRequest)
        if (!options.allowsOrigin(request.headers.origin, request)) return failed(errors.denied)
        const principal = await options.authenticate(request)
        const answered = principal === undefined ? stranger(name) : answer(principal, body)
        return reply.type('application/json').send(answered)
      },
    )
  }
}
