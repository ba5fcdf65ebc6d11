import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, ServerOptions } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Logger } from '../lib/logger.ts'
import { createBasicAuth } from './basic-auth.ts'
import type { ClientAuth } from './file.ts'
import type { LiveWebConfig } from './live.ts'
import { tlsOptions } from './tls.ts'

/** What a web.config.file demands of a server: TLS, client certificates, basic auth, headers. */
export interface Guard {
  /** Options of the TLS server; undefined for plain HTTP. */
  tls(): ServerOptions | undefined
  /** Sets the configured headers; the refusal to send, if the caller may not go on. */
  refuse(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined>
  /** Lets a renewed certificate be in force from the next connection on. */
  followCertificate(server: Server): void
}

export interface Refusal {
  readonly status: number
  readonly type: string
  readonly body: string
}

const text = (status: number, body: string): Refusal => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

export function createGuard(live: LiveWebConfig, log: Logger): Guard {
  const basicAuth = createBasicAuth()
  return {
    tls() {
      const { tls } = live.current()
      return tls && tlsOptions(tls)
    },
    async refuse(request, response) {
      const { headers, tls, users } = live.current()
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      if (tls && !certificateSuffices(request.socket as TLSSocket, tls.client_auth_type)) {
        return text(403, 'a client certificate is required')
      }
      if (Object.keys(users).length === 0 || (await basicAuth(request.headers.authorization, users))) return undefined
      response.setHeader('www-authenticate', 'Basic')
      return text(401, 'user name and password are required')
    },
    followCertificate(server) {
      let used = live.version()
      server.prependListener('connection', () => {
        const newest = live.version()
        const { tls } = live.current()
        if (newest === used || tls === undefined) return
        used = newest
        try {
          server.setSecureContext(tlsOptions(tls))
        } catch (error) {
          log.error({ err: error }, 'the new certificate cannot be used; the old one stays in force')
        }
      })
    },
  }
}

/** What Node's handshake leaves to us: it either verifies always (`rejectUnauthorized`) or never. */
function certificateSuffices(socket: TLSSocket, wanted: ClientAuth): boolean {
  const given = Object.keys(socket.getPeerCertificate()).length > 0
  if (wanted === 'RequireAnyClientCert') return given
  return wanted !== 'VerifyClientCertIfGiven' || !given || socket.authorized
}
