import { Server as TlsServer, TLSSocket } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Logger } from '../lib/logger.ts'
import { createBasicAuth } from '../web-config/basic-auth.ts'
import type { LiveWebConfig } from '../web-config/live.ts'
import { tlsOptions } from '../web-config/tls.ts'

/** Enforces a web.config.file on every request of this server: client certificates, basic auth, headers. */
export function webConfig(app: FastifyInstance, live: LiveWebConfig, log: Logger): void {
  const basicAuth = createBasicAuth()
  followCertificate(app, live, log)
  app.addHook('onRequest', async (request, reply) => {
    const { headers, tls, users } = live.current()
    void reply.headers(headers)
    const { socket } = request.raw
    if (socket instanceof TLSSocket && tls && !certificateSuffices(socket, tls.client_auth_type)) {
      return reply
        .code(403)
        .send({ error: { code: 'CLIENT_CERTIFICATE', message: 'a client certificate is required' } })
    }
    if (Object.keys(users).length === 0 || (await basicAuth(request.headers.authorization, users))) return undefined
    const refusal = { error: { code: 'UNAUTHORIZED', message: 'user name and password are required' } }
    return reply.code(401).header('www-authenticate', 'Basic').send(refusal)
  })
}

/** What Node's handshake leaves to us: it either verifies always (`rejectUnauthorized`) or never. */
function certificateSuffices(socket: TLSSocket, wanted: string): boolean {
  const given = Object.keys(socket.getPeerCertificate()).length > 0
  if (wanted === 'RequireAnyClientCert') return given
  return wanted !== 'VerifyClientCertIfGiven' || !given || socket.authorized
}

/** A renewed certificate is in force from the next connection on. */
function followCertificate(app: FastifyInstance, live: LiveWebConfig, log: Logger): void {
  const { server } = app
  if (!(server instanceof TlsServer)) return
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
}
