import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fastify, type FastifyInstance, type RouteOptions } from 'fastify'
import { Registry } from 'prom-client'
import { openAccess, type Access } from '../../src/access.ts'
import { openAudit, type OpenAudit } from '../../src/audit/open.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { registerConsole, registerGuards } from '../../src/console.ts'
import { databaseOptions } from '../../src/app.ts'
import database from '../../src/plugins/database.ts'
import { errors } from '../../src/plugins/errors.ts'
import { memoryAudit, type MemoryAudit } from './policy.ts'

/** The console as `aura start` puts it together, on a database of its own, without exporters and children. */
export interface TestConsole extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly access: Access
  readonly audit: MemoryAudit
  /** The audit log of the database. */
  readonly stored: OpenAudit
  readonly dataDir: string
  readonly register: Registry
  readonly routes: readonly RouteOptions[]
}

/** `kept`: with the audit log of the database, instead of one in memory. */
export async function startConsole(
  change: (config: Config) => Config = (config) => config,
  kept = false,
): Promise<TestConsole> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-console-'))
  chmodSync(dataDir, 0o755)
  const env = { AURA_DATA_DIR: dataDir, AURA_FEATURES_PROMETHEUS_URL: 'http://127.0.0.1:9' }
  const config = change((await loadConfig(undefined, env)).config)
  const app = fastify({ pluginTimeout: 0, forceCloseConnections: true })
  const routes: RouteOptions[] = []
  const [audit, register] = [memoryAudit(), new Registry()]
  errors(app)
  app.addHook('onRoute', (route) => void routes.push(route))
  await app.register(database, databaseOptions(config))
  const stored = await openAudit(app, config, register)
  const watched = kept ? stored : Object.assign(audit, { keeper: stored.keeper, onFailure: () => () => undefined })
  const access = await openAccess(app, config, { audit: watched, register })
  await registerGuards(app, config, access)
  await registerConsole(app, config, new Map(), access)
  await app.ready()
  return {
    app,
    access,
    audit,
    stored,
    dataDir,
    register,
    routes,
    async [Symbol.asyncDispose]() {
      await app.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
