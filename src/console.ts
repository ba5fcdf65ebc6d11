import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { farthest } from './auth/forwarded.ts'
import { principalAt } from './auth/principal.ts'
import type { Config } from './config/schema.ts'
import { ConfigError } from './errors.ts'
import type { ExporterName, RunningExporter } from './exporters/index.ts'
import { contractVersion } from './features/contracts.ts'
import { parseDuration } from './lib/duration.ts'
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
function centrifugoOf({ realtime: { engine, centrifugo } }: Config): CentrifugoOptions | undefined {
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
    authenticate: ({ socket, headers }) => principalAt(farthest(socket.remoteAddress, headers['x-forwarded-for'])),
  }
}

/** What every route of the console stands behind; registered before the first of them. */
export async function registerGuards(app: FastifyInstance, config: Config): Promise<void> {
  // Here already, so that what is missing is told before anything starts.
  centrifugoOf(config)
  await security(app, { host: config.server.host, origins: originsOf(config) })
  rights(app)
  await app.register(openapi, { topics: () => app.topics })
}

/** The bridge, the features and the web app, on an app that has its database, exporters and children. */
export async function registerConsole(
  app: FastifyInstance,
  config: Config,
  exporters: ReadonlyMap<ExporterName, RunningExporter>,
): Promise<void> {
  const fromHere = createOriginCheck(originsOf(config))
  const centrifugo = centrifugoOf(config)
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
    ...(centrifugo && { centrifugo }),
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
