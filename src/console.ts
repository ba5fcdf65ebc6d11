import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { principalAt } from './auth/principal.ts'
import type { Config } from './config/schema.ts'
import type { ExporterName, RunningExporter } from './exporters/index.ts'
import { contractVersion } from './features/contracts.ts'
import apiDocs from './plugins/api-docs.ts'
import features from './plugins/features.ts'
import openapi from './plugins/openapi.ts'
import realtime from './plugins/realtime.ts'
import { rights } from './plugins/rights.ts'
import { createOriginCheck, security } from './plugins/security.ts'
import web from './plugins/web.ts'
import { createPostgresAlertLog } from './realtime/alert-log-postgres.ts'
import { limitHandshakes } from './realtime/limits/handshakes.ts'
import { createLimits } from './realtime/limits/index.ts'
import { version } from './version.ts'

const noOrigins: readonly string[] = []

/** What every route of the console stands behind; registered before the first of them. */
export async function registerGuards(app: FastifyInstance, { server }: Config): Promise<void> {
  await security(app, { host: server.host, origins: noOrigins })
  rights(app)
  await app.register(openapi, { topics: () => app.topics })
}

/** The bridge, the features and the web app, on an app that has its database, exporters and children. */
export async function registerConsole(
  app: FastifyInstance,
  config: Config,
  exporters: ReadonlyMap<ExporterName, RunningExporter>,
): Promise<void> {
  const fromHere = createOriginCheck(noOrigins)
  const limits = createLimits({}, () => performance.now())
  limitHandshakes(app, limits)
  await app.register(realtime, {
    authenticate: ({ socket }) => principalAt(socket.remoteAddress),
    allowsOrigin: (_origin, request) => fromHere(request),
    contract: contractVersion,
    version,
    // What happened must outlive a restart; readings are taken anew.
    alertLog: createPostgresAlertLog(app.database.db, randomUUID),
    durable: ['alert', 'event'],
    admission: limits,
  })
  await app.register(features, {
    config: config.features,
    exporters,
    bridge: app.bridge,
    ollamaUrl: config.ollama.url,
    embedded: config.database.url === '',
    prometheus() {
      const { address, status } = app.children.prometheus
      return { address, reason: status.reason ?? status.state }
    },
  })
  await app.register(apiDocs)
  await app.register(web, { root: join(import.meta.dirname, '../web/dist') })
}
