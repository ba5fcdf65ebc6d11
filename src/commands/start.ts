import { createLogger } from '../log/pino.ts'
import { otlpConfigured } from '../otlp-configured.ts'
import { startTelemetry } from '../telemetry.ts'
import { invocation, untilSignalled } from './options.ts'

export const usage = `Usage: aura start [--config FILE]

Everything on this machine: PostgreSQL (its own unless database.url is set), exporters, Prometheus and Alertmanager where
they are installed, console. Prints where each answers. Ctrl-C ends all of it.`

export async function run(args: readonly string[]): Promise<number> {
  const signalled = untilSignalled()
  const { config } = await invocation(args)
  const log = createLogger(config.log)
  const telemetry = startTelemetry(config.telemetry, otlpConfigured(config.telemetry, process.env), log)
  try {
    const { startAura } = await import('../app.ts')
    const aura = await startAura(config, log, telemetry.instruments)
    console.log(`console ${aura.consoleUrl} metrics ${aura.metricsUrl}`)
    await signalled
    await aura.app.close()
    return 0
  } finally {
    await telemetry.shutdown()
  }
}
