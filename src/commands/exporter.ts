import { ConfigError } from '../errors.ts'
import { createLogger } from '../log.ts'
import { exporterNames, isExporterName, type ExporterName } from '../exporters/index.ts'
import { invocation, untilSignalled } from './options.ts'

export const usage = `Usage: aura exporter [NAME[,NAME…]] [--config FILE]

Serves /metrics/NAME on the metrics port and nothing else: no console, no database of its own.
Names: ${exporterNames.join(', ')} (default: those enabled in the configuration).
For postgres, set AURA_DATABASE_URL to the server to watch.`

export async function run(args: readonly string[]): Promise<number> {
  const { config, positionals } = await invocation(args)
  const names = positionals.length > 0 ? positionals.flatMap((text) => text.split(',')).map(named) : undefined
  const log = createLogger(config.log)
  const signalled = untilSignalled()
  const { buildExporterApp } = await import('../app.ts')
  const app = await buildExporterApp(config, names, log)
  log.info({ url: app.listeningOrigin }, 'exporters ready')
  await signalled
  await app.close()
  return 0
}

function named(name: string): ExporterName {
  if (isExporterName(name)) return name
  throw new ConfigError(`aura exporter: no exporter is called ${name}; there are ${exporterNames.join(', ')}`)
}
