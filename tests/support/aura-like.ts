/*
 * A process like Aura, with the database (and, if asked, Prometheus and Alertmanager) and nothing else, for tests
 * that kill it. Options arrive as JSON in the first argument; one line of JSON on standard output says how the start
 * went, log lines follow on standard error. SIGTERM ends it in good order.
 */
import { fastify } from 'fastify'
import database from '../../src/plugins/database.ts'
import prometheus from '../../src/plugins/prometheus.ts'
import type { Service } from '../../src/children/service.ts'
import type { DatabaseOptions } from '../../src/database/index.ts'
import type { PrometheusPluginOptions } from '../../src/plugins/prometheus.ts'

export interface AuraLikeOptions {
  readonly database?: DatabaseOptions
  readonly children?: PrometheusPluginOptions
}

/** What the one line says. */
export type Report =
  | { readonly error: { readonly code: string; readonly message: string } }
  | {
      readonly error: undefined
      readonly database:
        | { instanceId: string; exporterUrl: string; location: string; serverPid: number | undefined }
        | undefined
      readonly children: Record<'prometheus' | 'alertmanager', { state: string; pid: number | undefined }> | undefined
    }

const options = JSON.parse(process.argv[2] ?? '{}') as AuraLikeOptions
const app = fastify({ pluginTimeout: 0, logger: { level: 'debug', stream: process.stderr } })
const say = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`)

const briefly = ({ status: { state, pid } }: Service) => ({ state, pid })

function startedWell(): Report {
  const { database: db, children } = app
  return {
    error: undefined,
    database: db && {
      instanceId: db.instanceId,
      exporterUrl: db.exporterUrl,
      location: db.location,
      serverPid: db.server?.pid,
    },
    children: children && {
      prometheus: briefly(children.prometheus),
      alertmanager: briefly(children.alertmanager),
    },
  }
}

try {
  if (options.database) await app.register(database, options.database)
  if (options.children) await app.register(prometheus, options.children)
  await app.ready()
  await app.children?.settled(20_000)
  const idle = setInterval(() => undefined, 60_000)
  process.once('SIGTERM', () => void app.close().then(() => clearInterval(idle)))
  say(startedWell())
} catch (error) {
  const { code, message } = error as Error & { code: string }
  say({ error: { code, message } })
  await app.close()
  process.exitCode = 1
}
