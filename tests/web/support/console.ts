import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { builtIn } from '../../../src/auth/principal.ts'
import { contractVersion } from '../../../src/features/contracts.ts'
import { security } from '../../../src/plugins/security.ts'

const root = join(import.meta.dirname, '../../..')

/** The built console; builds it if it is not what the sources say. */
export function builtConsole(): string {
  execFileSync(process.execPath, [join(root, 'bin/build-web.js')], { stdio: 'pipe' })
  return join(root, 'web/dist')
}

export interface Served {
  readonly app: FastifyInstance
  readonly url: string
  close(): Promise<void>
}

/** The console and the real bridge with one topic of our own making, on a free port unless said. */
export async function serveConsole(dist: string, port = 0): Promise<Served> {
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
  await app.register(import('../../../src/plugins/web.ts'), { root: dist })
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : 0
  return { app, url: `http://127.0.0.1:${bound}`, close: () => app.close() }
}
