import type { Collector } from '../../src/exporters/exporter.ts'
import { createRunner } from '../../src/exporters/runner.ts'
import type { Logger } from '../../src/lib/logger.ts'
import { startMetricsServer, type RunningMetricsServer } from '../../src/metrics-server/index.ts'
import { processMetrics } from '../../src/metrics-server/process-metrics.ts'
import { quiet } from './logger.ts'

/** A metrics server on a free loopback port with one exporter, `t`, of these collectors. */
export async function metricsServer(
  collectors: readonly Collector[],
  options: { webConfigFile?: string; timeout?: string; log?: Logger } = {},
): Promise<RunningMetricsServer & AsyncDisposable> {
  const exporter = { prefix: 't', collectors }
  const log = options.log ?? quiet
  const section = {
    host: '127.0.0.1',
    port: 0,
    timeout: options.timeout ?? '1s',
    web_config_file: options.webConfigFile ?? '',
    scrape_username: '',
    scrape_password_file: '',
  }
  const server = await startMetricsServer(section, {
    exporters: new Map([['t', { exporter, runner: createRunner(exporter, log) }]]),
    own: async () => processMetrics(),
    log,
  })
  return { ...server, [Symbol.asyncDispose]: () => server.close() }
}
