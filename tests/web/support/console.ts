import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { builtIn } from '../../../src/auth/principal.ts'
import { contractVersion } from '../../../src/features/contracts.ts'
import { security } from '../../../src/plugins/security.ts'

const root = join(import.meta.dirname, '../../..')

/** The built console; `useBrowser` builds it. */
export const consoleRoot = join(root, 'web/dist')

export interface Served {
  readonly app: FastifyInstance
  readonly url: string
  close(): Promise<void>
}

/** The console and the real bridge with one topic of our own making, on a free port unless said. */
export async function serveConsole(port = 0): Promise<Served> {
  const app = fastify({ forceCloseConnections: true })
  await security(app, { host: '127.0.0.1', origins: [] })
  await app.register(import('../../../src/plugins/realtime.ts'), {
    authenticate: () => builtIn,
    allowsOrigin: () => true,
    contract: contractVersion,
    version: 'test',
    topics: [{ name: 'system', class: 'state', capability: 'system:read' }],
  })
  app.get('/healthz', { config: { capability: 'public' } }, () => ({ status: 'ok' }))
  await app.register(import('../../../src/plugins/web.ts'), { root: consoleRoot })
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : 0
  return { app, url: `http://127.0.0.1:${bound}`, close: () => app.close() }
}
