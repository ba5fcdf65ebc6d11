import type { IncomingMessage } from 'node:http'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../auth/loopback.ts'
import { hostAllowed, originAllowed } from '../auth/origin.ts'
import { refuse } from '../auth/refuse.ts'
import type { Site } from '../auth/site.ts'

export interface SecurityOptions {
  /** `server.host`: a name under which the console is reached, beside those of loopback. */
  readonly host: string
  /** Origins beside our own that may call, as browsers write them: `https://aura.example.org`. */
  readonly origins: readonly string[]
  /** With accounts: under which names Aura is reached, and how safely. */
  readonly site?: Site
}

/** Whether a request comes from where it may; for hooks, and for the bridge's routes. */
export type OriginCheck = (request: FastifyRequest) => boolean

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value

const isEncrypted = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket && socket.encrypted === true

/** What a request of somebody with an account proves itself with; looked at before it is known whether it is good. */
function proofOf({ headers }: IncomingMessage): 'cookie' | 'bearer' | 'none' {
  if (/^bearer /i.test(headers.authorization ?? '')) return 'bearer'
  return headers.cookie?.includes('aura_session=') === true ? 'cookie' : 'none'
}

/** The check of `originAllowed`, with these origins beside our own. With a site there are accounts. */
export function createOriginCheck(origins: readonly string[], site?: Site): OriginCheck {
  const configured = new Set([...origins, ...(site?.origins ?? [])].map((origin) => new URL(origin).origin))
  return (request) => {
    const { raw } = request
    const { headers, method = 'GET' } = raw
    return originAllowed(
      {
        method,
        host: headers.host,
        origin: headers.origin,
        fetchSite: single(headers['sec-fetch-site']),
        fetchMode: single(headers['sec-fetch-mode']),
        upgrade: headers.upgrade !== undefined,
        encrypted: site === undefined ? isEncrypted(raw) : site.secure(request),
        loopback: isLoopback(raw.socket.remoteAddress ?? ''),
        ...(site !== undefined && { proof: proofOf(raw) }),
      },
      configured,
    )
  }
}

const foreignHost = { status: 421, code: 'HOST', message: 'There is no host of this name here' }
const foreignOrigin = { status: 403, code: 'ORIGIN', message: 'Requests from this origin are not served' }

const self = ["'self'"]
const nothing = ["'none'"]

/** Everything from our own server, nothing inline, nothing evaluated, framed by nobody. */
const headers = (names: ReadonlySet<string>): NonNullable<Parameters<typeof helmet>[1]> => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': nothing,
      'script-src': self,
      'style-src': self,
      'img-src': ["'self'", 'data:'],
      'font-src': self,
      'manifest-src': self,
      'worker-src': self,
      'connect-src': [(request) => connectSource(request, names)],
      'base-uri': nothing,
      'form-action': self,
      'frame-ancestors': nothing,
      'object-src': nothing,
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  // There is no TLS on loopback, and a header remembered for localhost would break whatever else is served there.
  strictTransportSecurity: false,
})

/** Older browsers do not take `'self'` to cover sockets: our own are named, after a look at the name. */
function connectSource(request: IncomingMessage, names: ReadonlySet<string>): string {
  const { host } = request.headers
  if (!hostAllowed(host, names)) return "'self'"
  return `'self' ${isEncrypted(request) ? 'wss' : 'ws'}://${host}`
}

/**
 * Security headers on every answer, and two checks before anything else of a request runs: that it names this Aura
 * (no rebound DNS name), and that no foreign page sends it. Register it before any route. A route that needs another
 * policy, such as a page of documents, says so in its `helmet` option.
 */
export async function security(app: FastifyInstance, { host, origins, site }: SecurityOptions): Promise<void> {
  const names = new Set([
    host.toLowerCase(),
    ...origins.map((origin) => new URL(origin).hostname),
    ...(site?.names ?? []),
  ])
  const fromHere = createOriginCheck(origins, site)
  await app.register(helmet, headers(names))
  app.addHook('onRequest', async (request, reply) => {
    if (!hostAllowed(request.headers.host, names, site?.anyAddress)) return refuse(reply, foreignHost)
    return fromHere(request) ? undefined : refuse(reply, foreignOrigin)
  })
}
