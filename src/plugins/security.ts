import type { IncomingMessage } from 'node:http'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../auth/loopback.ts'
import { hostAllowed, originAllowed } from '../auth/origin.ts'
import { refuse } from '../auth/refuse.ts'

export interface SecurityOptions {
  /** `server.host`: a name under which the console is reached, beside those of loopback. */
  readonly host: string
  /** Origins beside our own that may call, as browsers write them: `https://aura.example.org`. */
  readonly origins: readonly string[]
}

/** Whether a request comes from where it may; for hooks, and for the bridge's routes. */
export type OriginCheck = (request: FastifyRequest) => boolean

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value

const isEncrypted = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket && socket.encrypted === true

/** The check of `originAllowed`, with these origins beside our own. */
export function createOriginCheck(origins: readonly string[]): OriginCheck {
  const configured = new Set(origins.map((origin) => new URL(origin).origin))
  return ({ raw }) => {
    const { headers, method = 'GET' } = raw
    return originAllowed(
      {
        method,
        host: headers.host,
        origin: headers.origin,
        fetchSite: single(headers['sec-fetch-site']),
        fetchMode: single(headers['sec-fetch-mode']),
        upgrade: headers.upgrade !== undefined,
        encrypted: isEncrypted(raw),
        loopback: isLoopback(raw.socket.remoteAddress ?? ''),
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
export async function security(app: FastifyInstance, { host, origins }: SecurityOptions): Promise<void> {
  const names = new Set([host.toLowerCase(), ...origins.map((origin) => new URL(origin).hostname)])
  const fromHere = createOriginCheck(origins)
  await app.register(helmet, headers(names))
  app.addHook('onRequest', async (request, reply) => {
    if (!hostAllowed(request.headers.host, names)) return refuse(reply, foreignHost)
    return fromHere(request) ? undefined : refuse(reply, foreignOrigin)
  })
}
