import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from './access.ts'
import { createDeliverer } from './auth/deliverer.ts'
import { farthest } from './auth/forwarded.ts'
import { principalAt } from './auth/principal.ts'
import type { Config } from './config/schema.ts'
import { ConfigError } from './errors.ts'
import type { ExporterName, RunningExporter } from './exporters/index.ts'
import { accountRoutes } from './features/account/routes.ts'
import { createDeliveredAlerts } from './features/alerts/store.ts'
import { contractVersion } from './features/contracts.ts'
import { parseDuration } from './lib/duration.ts'
import { registerAuth } from './plugins/auth.ts'
import apiDocs from './plugins/api-docs.ts'
import features from './plugins/features.ts'
import openapi from './plugins/openapi.ts'
import realtime, { type CentrifugoOptions } from './plugins/realtime.ts'
import { rights } from './plugins/rights.ts'
import { createOriginCheck, security } from './plugins/security.ts'
import web from './plugins/web.ts'
import { createPostgresAlertLog } from './realtime/alert-log-postgres.ts'
import { limitHandshakes } from './realtime/limits/handshakes.ts'
import { createLimits } from './realtime/limits/index.ts'
import { version } from './version.ts'

/** Under which the console is reached beside its own address. */
const originsOf = ({ realtime: { engine, centrifugo } }: Config): readonly string[] =>
  engine === 'centrifugo' ? centrifugo.origins : []

/** Centrifugo as it is configured; undefined where the bridge does without. */
function centrifugoOf({ realtime: { engine, centrifugo } }: Config, access?: Access): CentrifugoOptions | undefined {
  if (engine !== 'centrifugo') return undefined
  const { url, api_key: apiKey, proxy_secret: proxySecret, timeout, recheck } = centrifugo
  for (const key of ['api_key', 'proxy_secret'] as const) {
    if (centrifugo[key] === '')
      throw new ConfigError(`realtime.engine is centrifugo, but realtime.centrifugo.${key} is empty`)
  }
  return {
    url,
    apiKey,
    proxySecret,
    timeout: parseDuration(timeout),
    recheck: parseDuration(recheck),
    authenticate: (request) =>
      access?.accounts
        ? access.live.authenticate(request)
        : principalAt(farthest(request.socket.remoteAddress, request.headers['x-forwarded-for'])),
  }
}

/**
 * What every route of the console stands behind; registered before the first of them. Without `access` there are no
 * accounts: whoever sits at this machine may do everything. With `deliveryToken` Alertmanager may deliver alerts.
 */
export async function registerGuards(
  app: FastifyInstance,
  config: Config,
  access?: Access,
  deliveryToken = '',
): Promise<void> {
  // Here already, so that what is missing is told before anything starts.
  centrifugoOf(config)
  const site = access?.accounts && { site: access.site }
  await security(app, { host: config.server.host, origins: originsOf(config), ...site })
  if (access?.accounts) registerAuth(app, { ...access, deliverer: createDeliverer(deliveryToken) })
  else rights(app)
  await app.register(openapi, { topics: () => app.topics })
}

/** ms; within five seconds nobody reads on who may not. */
const recheckInterval = 4000

/** Who is on the other end of the live bridge. */
function liveAccess(access: Access | undefined) {
  if (!access?.accounts) return { authenticate: ({ socket }: FastifyRequest) => principalAt(socket.remoteAddress) }
  const { live } = access
  return {
    authenticate: (request: FastifyRequest) => live.authenticate(request),
    credentials: live.credentials,
    // A net below what is told at once: rights and sessions that ended without a word reach open connections too.
    settings: { recheckInterval },
  }
}

/** One's own account; and whoever is connected is asked again when their rights change. */
function registerAccount(app: FastifyInstance, { accounts, identity, policy, site, oidc, proxy }: Access): void {
  const forget = identity.onChange(({ userId }) => app.bridge.rightsChanged(userId))
  app.addHook('onClose', async () => forget())
  const compiled = () => policy.compiled()
  accountRoutes(app, { identity: accounts ? identity : undefined, compiled, site, oidc, proxy, now: Date.now })
}

/** The bridge, the features and the web app, on an app that has its database, exporters and children. */
export async function registerConsole(
  app: FastifyInstance,
  config: Config,
  exporters: ReadonlyMap<ExporterName, RunningExporter>,
  access?: Access,
): Promise<void> {
  const fromHere = createOriginCheck(originsOf(config), access?.accounts ? access.site : undefined)
  const centrifugo = centrifugoOf(config, access)
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
    ...(centrifugo && { centrifugo }),
  })
  if (access !== undefined) registerAccount(app, access)
  await app.register(features, {
    config: config.features,
    exporters,
    bridge: app.bridge,
    ...(access !== undefined && { events: [access.governance] }),
    delivered: createDeliveredAlerts(app.database.db, Date.now),
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
