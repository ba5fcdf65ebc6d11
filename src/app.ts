import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Config } from './config/schema.ts'
import { createExporters, exporterNames, type ExporterName, type RunningExporter } from './exporters/index.ts'
import { parseDuration } from './lib/duration.ts'
import type { Logger } from './lib/logger.ts'
import { listening } from './listen.ts'
import { startMetricsServer, type RunningMetricsServer } from './metrics-server/index.ts'
import { processMetrics } from './metrics-server/process-metrics.ts'

const enabled = ({ exporters }: Config): ExporterName[] => exporterNames.filter((name) => exporters[name].enabled)

/** The exporters alone, listening: `aura exporter`. `instruments` is the page of an OpenTelemetry SDK, if one is loaded. */
export async function startExporters(
  config: Config,
  names: readonly ExporterName[] | undefined,
  log: Logger,
  instruments?: () => Promise<string>,
): Promise<RunningMetricsServer> {
  const exporters = await createExporters(names ?? enabled(config), config, () => config.database.url || undefined, log)
  const own = async (): Promise<string> => processMetrics() + ((await instruments?.()) ?? '')
  return startMetricsServer(config.metrics, { exporters, own, log })
}

/** Everything, up and listening. */
export interface Aura {
  readonly app: FastifyInstance
  readonly exporters: ReadonlyMap<ExporterName, RunningExporter>
  readonly consoleUrl: string
  readonly metricsUrl: string
}

/**
 * The whole of Aura, in order of start; closing the app ends it in the opposite order. If one part cannot start, those
 * that did are closed again. The modules are loaded here so that `aura exporter` never pays for them.
 */
export async function startAura(
  config: Config,
  log: FastifyBaseLogger,
  instruments: () => Promise<string>,
): Promise<Aura> {
  const [{ fastify, LogController }, { errors }, { health }, { createObserve, observe }, { createSelfMetrics }] =
    await Promise.all([
      import('fastify'),
      import('./plugins/errors.ts'),
      import('./plugins/health.ts'),
      import('./plugins/observe.ts'),
      import('./plugins/self-metrics.ts'),
    ])
  const logController = new LogController({ disableRequestLogging: true })
  const app: FastifyInstance = fastify({ loggerInstance: log, logController, forceCloseConnections: true })
  const record = createObserve()
  errors(app)
  observe(app, record)
  try {
    await app.register(import('./plugins/database.ts'), databaseOptions(config))
    const exporters = await createExporters(enabled(config), config, () => app.database.exporterUrl, log)
    const self = createSelfMetrics()
    const own = async (): Promise<string> => (await self()) + (await instruments())
    const metrics = await startMetricsServer(config.metrics, { exporters, own, observe: record, log })
    app.addHook('onClose', () => metrics.close())
    health(app, { database: () => app.database.check() })
    const { host, port } = config.server
    const consoleUrl = await listening(config.server, 'server', () =>
      app.listen({ host, port, listenTextResolver: said }),
    )
    return { app, exporters, consoleUrl, metricsUrl: metrics.url }
  } catch (error) {
    await app.close()
    throw error
  }
}

const said = (address: string): string => `console and API listen on ${address}`

function databaseOptions({ data_dir, database }: Config) {
  return {
    dataDir: data_dir,
    url: database.url,
    embeddedPort: database.embedded_port,
    poolSize: database.pool_size,
    connectTimeout: parseDuration(database.connect_timeout),
  }
}
