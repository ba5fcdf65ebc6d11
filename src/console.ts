import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from './access.ts'
import { principalAt } from './auth/principal.ts'
import type { Config } from './config/schema.ts'
import type { ExporterName, RunningExporter } from './exporters/index.ts'
import { accountRoutes } from './features/account/routes.ts'
import { contractVersion } from './features/contracts.ts'
import { registerAuth } from './plugins/auth.ts'
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

/**
 * What every route of the console stands behind; registered before the first of them. Without `access` there are no
 * accounts: whoever sits at this machine may do everything.
 */
export async function registerGuards(app: FastifyInstance, { server }: Config, access?: Access): Promise<void> {
  await security(app, { host: server.host, origins: noOrigins, ...(access?.accounts && { site: access.site }) })
  if (access?.accounts) registerAuth(app, access)
  else rights(app)
  await app.register(openapi, { topics: () => app.topics })
}

/** Who is on the other end of the live bridge. */
function liveAccess(access: Access | undefined) {
  if (!access?.accounts) return { authenticate: ({ socket }: FastifyRequest) => principalAt(socket.remoteAddress) }
  const { live } = access
  return { authenticate: (request: FastifyRequest) => live.authenticate(request), credentials: live.credentials }
}

/** One's own account; and whoever is connected is asked again when their rights change. */
function registerAccount(app: FastifyInstance, { accounts, identity, policy, site }: Access): void {
  const forget = identity.onChange(({ userId }) => app.bridge.rightsChanged(userId))
  app.addHook('onClose', async () => forget())
  const compiled = () => policy.compiled()
  accountRoutes(app, { identity: accounts ? identity : undefined, compiled, site, now: Date.now })
}

/** The bridge, the features and the web app, on an app that has its database, exporters and children. */
export async function registerConsole(
  app: FastifyInstance,
  config: Config,
  exporters: ReadonlyMap<ExporterName, RunningExporter>,
  access?: Access,
): Promise<void> {
  const fromHere = createOriginCheck(noOrigins, access?.accounts ? access.site : undefined)
  const limits = createLimits({}, () => performance.now())
  limitHandshakes(app, limits)
  await app.register(realtime, {
    ...liveAccess(access),
    allowsOrigin: (_origin, request) => fromHere(request),
    contract: contractVersion,
    version,
    // What happened must outlive a restart; readings are taken anew.
    alertLog: createPostgresAlertLog(app.database.db, randomUUID),
    durable: ['alert', 'event'],
    admission: limits,
  })
  if (access !== undefined) registerAccount(app, access)
  await app.register(features, {
    config: config.features,
    exporters,
    bridge: app.bridge,
    ...(access !== undefined && { events: [access.governance] }),
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
