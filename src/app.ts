import type { Config } from './config/schema.ts'
import { createExporters, exporterNames, type ExporterName } from './exporters/index.ts'
import type { Logger } from './lib/logger.ts'
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
