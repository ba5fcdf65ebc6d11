import type { Aura } from '../app.ts'
import type { Config } from '../config/schema.ts'
import { createLogger } from '../log/pino.ts'
import { otlpConfigured } from '../otlp-configured.ts'
import { startTelemetry } from '../telemetry.ts'
import { invocation, untilSignalled } from './options.ts'

export const usage = `Usage: aura start [--config FILE]

Everything on this machine: PostgreSQL (its own unless database.url is set), exporters, Prometheus and Alertmanager where
they are installed, console. Prints where each answers. Ctrl-C ends all of it.`

export async function run(args: readonly string[]): Promise<number> {
  const { config } = await invocation(args)
  return serve(config)
}

/** Begins what comes with a start; resolves with how to end it, while all the rest still runs. */
type Company = (aura: Aura) => Promise<() => Promise<void>>

/** Runs everything until a signal comes; `banner` is printed above the table of states. */
export async function serve(config: Config, banner = '', company?: Company): Promise<number> {
  const signalled = untilSignalled()
  const log = createLogger(config.log)
  const telemetry = startTelemetry(config.telemetry, otlpConfigured(config.telemetry, process.env), log)
  try {
    // Loaded after the telemetry has started, so that it sees what is loaded.
    const { startAura } = await import('../app.ts')
    const aura = await startAura(config, { log, telemetry, searchPath: process.env['PATH'] ?? '' })
    await Promise.race([aura.app.children.settled(3000), signalled])
    console.log(banner + table(aura) + invitation(aura))
    try {
      const leave = await company?.(aura)
      await signalled
      log.info('stopping')
      await leave?.()
    } finally {
      await aura.app.close()
    }
    return 0
  } finally {
    await telemetry.shutdown()
  }
}

/** The way in for the first owner: on the terminal alone, never in a log. */
const invitation = ({ setupUrl }: Aura): string =>
  setupUrl === undefined ? '' : `\n  Nobody has an account yet. Make yours, once, at:\n  ${setupUrl}\n`

/** Where everything answers, and its state: one line each. */
function table({ app, consoleUrl, exporters, metricsUrl }: Aura): string {
  const { database, children } = app
  const rows = [
    ['console', consoleUrl, 'ready'],
    ['metrics', `${metricsUrl}/metrics`, 'ready'],
    ...[...exporters.keys()].map((name) => ['', `${metricsUrl}/metrics/${name}`, '']),
    ['PostgreSQL', database.location, database.server ? 'ready, embedded' : 'ready'],
    ...[children.prometheus, children.alertmanager].map(({ name, address, status: { state, reason } }) => {
      return [
        name,
        address === undefined ? '' : `http://${address}`,
        reason === undefined ? state : `${state}: ${reason}`,
      ]
    }),
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]): string =>
    `  ${row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}`
  return `\n${rows.map(line).join('\n')}\n`
}
