import { once } from 'node:events'
import type { Config } from '../config/schema.ts'
import type { RunningExporter } from '../exporters/index.ts'
import { parseDuration } from '../lib/duration.ts'
import type { Logger } from '../lib/logger.ts'
import { listening } from '../listen.ts'
import type { Exemplars } from '../otel/exemplars.ts'
import { createGuard, type Guard } from '../web-config/guard.ts'
import { followWebConfig } from '../web-config/live.ts'
import { createRoutes, type Probe } from './routes.ts'
import { createMetricsServer, type Observe, urlOf } from './server.ts'

export interface RunningMetricsServer {
  /** Where Prometheus scrapes. */
  readonly url: string
  /** Stops listening, then the exporters. */
  close(): Promise<void>
}

export interface MetricsServices {
  readonly exporters: ReadonlyMap<string, RunningExporter>
  /** Aura's own page. */
  readonly own: () => Promise<string>
  readonly probe?: Probe | undefined
  readonly observe?: Observe
  readonly exemplars?: Exemplars | undefined
  readonly log: Logger
}

/** Serves the exporters' pages where the section says. Throws `StartError` or `ConfigError` if it cannot. */
export async function startMetricsServer(
  config: Config['metrics'],
  { exporters, own, probe, observe, exemplars, log }: MetricsServices,
): Promise<RunningMetricsServer> {
  const guard = await guardOf(config, log)
  const runners = new Map([...exporters].map(([name, { runner }]) => [name, runner]))
  const routes = createRoutes({ runners, own, exemplars, probe, timeout: parseDuration(config.timeout) })
  const server = createMetricsServer({ routes, log, ...(observe && { observe }), ...(guard && { guard }) })
  await listening(config, 'metrics', async () => {
    server.listen(config.port, config.host)
    await once(server, 'listening')
  })
  return {
    url: urlOf(server, guard?.tls() !== undefined),
    async close() {
      server.close()
      server.closeAllConnections()
      await probe?.stop()
      await Promise.all([...exporters.values()].map(async ({ exporter }) => exporter.stop?.()))
    },
  }
}

async function guardOf({ web_config_file: path }: Config['metrics'], log: Logger): Promise<Guard | undefined> {
  return path === '' ? undefined : createGuard(await followWebConfig(path, log), log)
}
