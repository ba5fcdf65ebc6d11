import { join, resolve } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { newSecret } from './auth/secrets.ts'
import { plainHttpWarning, refuseOpenBind } from './auth/loopback.ts'
import type { Access } from './access.ts'
import type { Config } from './config/schema.ts'
import {
  createExporters,
  createPostgresProbe,
  exporterNames,
  type ExporterName,
  type RunningExporter,
} from './exporters/index.ts'
import { parseDuration } from './lib/duration.ts'
import type { Logger } from './lib/logger.ts'
import { listening } from './listen.ts'
import { describeStatus } from './realtime/engines/centrifugo/status.ts'
import { startMetricsServer, type RunningMetricsServer } from './metrics-server/index.ts'
import { processMetrics } from './metrics-server/process-metrics.ts'
import type { Telemetry } from './telemetry.ts'
import { version } from './version.ts'

/** What the process edge hands in. */
export interface Edge<Log extends Logger = Logger> {
  readonly log: Log
  /** $PATH. */
  readonly searchPath: string
  /** The OpenTelemetry SDK, if one is loaded. */
  readonly telemetry?: Pick<Telemetry, 'instruments' | 'readings' | 'exemplars'> | undefined
}

const enabled = ({ exporters }: Config): ExporterName[] => exporterNames.filter((name) => exporters[name].enabled)

/**
 * Begins the first readings while the rest starts, so that the first scrape finds connections open and rounds under
 * way. What fails is told by the runners, as at any scrape.
 */
function beginReading(exporters: ReadonlyMap<ExporterName, RunningExporter>, timeout: string): void {
  for (const { runner } of exporters.values()) void runner.take(runner.collectors, parseDuration(timeout))
}

/** The exporters alone, listening: `aura exporter`. */
export async function startExporters(
  config: Config,
  names: readonly ExporterName[] | undefined,
  { log, searchPath, telemetry }: Edge,
): Promise<RunningMetricsServer> {
  const postgresUrl = (): string | undefined => config.database.url || undefined
  const exporters = await createExporters(names ?? enabled(config), config, { log, searchPath, postgresUrl })
  beginReading(exporters, config.metrics.timeout)
  await publish(exporters, telemetry)
  const own = async (): Promise<string> => processMetrics() + ((await telemetry?.instruments()) ?? '')
  const probe = await createPostgresProbe(exporters, config, log)
  return startMetricsServer(config.metrics, { exporters, own, probe, log })
}

/** Everything, up and listening. */
export interface Aura {
  readonly app: FastifyInstance
  readonly exporters: ReadonlyMap<ExporterName, RunningExporter>
  readonly consoleUrl: string
  readonly metricsUrl: string
  /** Where the first owner is made, while there is nobody; good for one use. */
  readonly setupUrl: string | undefined
}

/**
 * The whole of Aura, in order of start; closing the app ends it in the opposite order. If one part cannot start, those
 * that did are closed again. The modules are loaded here so that `aura exporter` never pays for them.
 */
export async function startAura(
  config: Config,
  { log, searchPath, telemetry }: Edge<FastifyBaseLogger>,
): Promise<Aura> {
  if (config.auth.mode === 'none') refuseOpenBind(config.server.host)
  const { fastify, LogController } = await import('fastify')
  const { errors } = await import('./plugins/errors.ts')
  const { health } = await import('./plugins/health.ts')
  const { createObserve, observe } = await import('./plugins/observe.ts')
  const { createSelfMetrics } = await import('./plugins/self-metrics.ts')
  const { registerConsole, registerGuards } = await import('./console.ts')
  const { openAccess } = await import('./access.ts')
  const { openAudit } = await import('./audit/open.ts')
  const { recordLifecycle } = await import('./audit/lifecycle.ts')

  const logController = new LogController({ disableRequestLogging: true })
  // A database may take its time: it recovers after a crash, or is itself still starting.
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController,
    forceCloseConnections: true,
    pluginTimeout: 0,
    ...(config.server.trusted_proxies.length > 0 && { trustProxy: [...config.server.trusted_proxies] }),
  })
  const record = createObserve(telemetry?.exemplars)
  errors(app)
  observe(app, record)
  try {
    await app.register(import('./plugins/database.ts'), databaseOptions(config))
    const self = createSelfMetrics()
    const audit = await openAudit(app, config, self.register)
    const access = await openAccess(app, config, { audit, register: self.register })
    await recordLifecycle(app, { audit, policy: access.policy.compiled().policy, version })
    const token = config.alertmanager.delivery_token || newSecret()
    await registerGuards(app, config, access, token)
    const postgresUrl = (): string => app.database.exporterUrl
    const exporters = await createExporters(enabled(config), config, { log, searchPath, postgresUrl })
    beginReading(exporters, config.metrics.timeout)
    await publish(exporters, telemetry)
    const own = async (): Promise<string> => (await self.page()) + ((await telemetry?.instruments()) ?? '')
    const probe = await createPostgresProbe(exporters, config, log)
    const services = { exporters, own, probe, observe: record, exemplars: telemetry?.exemplars, log }
    const metrics = await startMetricsServer(config.metrics, services)
    app.addHook('onClose', () => metrics.close())
    await app.register(import('./plugins/prometheus.ts'), childrenOptions(config, metrics.url, searchPath, token))
    await registerConsole(app, config, exporters, access)
    health(app, { database: () => app.database.check() }, centrifugoCheck(app))
    const { host, port } = config.server
    const consoleUrl = await listening(config.server, 'server', () =>
      app.listen({ host, port, backlog: connectionBacklog, listenTextResolver: said }),
    )
    const warning = plainHttpWarning(host, config.server.public_url)
    if (warning !== undefined) log.warn(warning)
    const setupUrl = await setupLink(config, access, consoleUrl)
    return { app, exporters, consoleUrl, metricsUrl: metrics.url, setupUrl }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** The bridge carries on by itself while Centrifugo is away. */
function centrifugoCheck({ centrifugo }: FastifyInstance) {
  return centrifugo === undefined ? {} : { centrifugo: () => describeStatus(centrifugo()) }
}

/** The exporters' readings over OTLP, where anything is sent. */
async function publish(exporters: Aura['exporters'], telemetry: Edge['telemetry']): Promise<void> {
  if (telemetry?.readings === undefined) return
  const { publishReadings } = await import('./otel/readings.ts')
  publishReadings(telemetry.readings, new Map([...exporters].map(([name, { runner }]) => [name, runner])))
}

async function setupLink({ auth, server }: Config, { identity, accounts }: Access, consoleUrl: string) {
  const secret = accounts && auth.setup_link ? await identity.setup.link() : undefined
  if (secret === undefined) return undefined
  const base = (server.public_url || consoleUrl).replace(/\/$/, '')
  return `${base}/setup#token=${secret}`
}

/** Connections that wait to be accepted: after a cut all clients return at once, and one turned away waits seconds. */
const connectionBacklog = 4096

const said = (address: string): string => `console and API listen on ${address}`

export function databaseOptions({ data_dir, database }: Config) {
  return {
    dataDir: resolve(data_dir),
    url: database.url,
    embeddedPort: database.embedded_port,
    poolSize: database.pool_size,
    connectTimeout: parseDuration(database.connect_timeout),
  }
}

function childrenOptions(config: Config, url: string, searchPath: string, deliveryToken: string) {
  const { data_dir, metrics, prometheus, alertmanager, server } = config
  const { hostname, port, protocol } = new URL(url)
  const { scrape_username: username, scrape_password_file: file } = metrics
  return {
    dataDir: resolve(data_dir),
    deliveryToken,
    configDir: join(import.meta.dirname, '../prometheus'),
    searchPath,
    prometheus,
    alertmanager,
    metrics: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) },
    console: { host: server.host, port: server.port, publicUrl: server.public_url },
    scrape: {
      // Our own certificate, on this machine, is as often as not self-signed.
      ...(protocol === 'https:'
        ? { scheme: 'https' as const, insecure_skip_verify: true }
        : { scheme: 'http' as const }),
      ...(username !== '' && { username, password_file: resolve(file) }),
    },
  }
}
