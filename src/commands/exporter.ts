import { setFlagsFromString } from 'node:v8'
import { startExporters } from '../app.ts'
import type { Config } from '../config/schema.ts'
import { ConfigError } from '../errors.ts'
import { exporterNames, isExporterName, type ExporterName } from '../exporters/index.ts'
import type { Logger } from '../lib/logger.ts'
import { createPlainLogger } from '../log/plain.ts'
import { otlpConfigured } from '../otlp-configured.ts'
import type { Telemetry } from '../telemetry.ts'
import { invocation, untilSignalled } from './options.ts'

export const usage = `Usage: aura exporter [NAME[,NAME…]] [--config FILE]

Serves /metrics/NAME on the metrics port and nothing else: no console, no database of its own.
Names: ${exporterNames.join(', ')} (default: those enabled in the configuration).
For postgres, set AURA_DATABASE_URL to the server to watch.`

export async function run(args: readonly string[]): Promise<number> {
  keepHeapSmall()
  const signalled = untilSignalled()
  const { config, positionals } = await invocation(args)
  const names = positionals.length > 0 ? positionals.flatMap((text) => text.split(',')).map(named) : undefined
  const log = createPlainLogger(config.log)
  const telemetry = await telemetryIfSent(config, log)
  const server = await startExporters(config, names, {
    log,
    searchPath: process.env['PATH'] ?? '',
    telemetry,
  })
  log.info({ url: server.url }, 'exporters ready')
  await signalled
  await server.close()
  await telemetry?.shutdown()
  return 0
}

/**
 * V8 would let the young generation grow to 48 MB and the old one to a multiple of what is alive, all for the rubbish
 * of earlier scrapes, and keep what its last optimising compiler worked with. At a page every few seconds none of that
 * pays: without it the process takes 100 MB less and no more CPU.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--no-turbofan')
}

function named(name: string): ExporterName {
  if (isExporterName(name)) return name
  throw new ConfigError(`aura exporter: no exporter is called ${name}; there are ${exporterNames.join(', ')}`)
}

/** The SDK costs 30 MB; a machine that only exports loads it only if something is to leave over OTLP. */
async function telemetryIfSent({ telemetry }: Config, log: Logger): Promise<Telemetry | undefined> {
  // Nothing here is traced: readings are all that leaves.
  const otlp = { ...otlpConfigured(telemetry, process.env), traces: false }
  if (!otlp.metrics) return undefined
  const { startTelemetry } = await import('../telemetry.ts')
  return startTelemetry(telemetry, otlp, log)
}
