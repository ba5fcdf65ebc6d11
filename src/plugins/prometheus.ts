import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { alertmanagerService } from '../children/alertmanager.ts'
import type { AlertmanagerConfig, PrometheusConfig } from '../children/config.ts'
import type { Links, ScrapeOptions } from '../children/effective-config.ts'
import { prometheusService } from '../children/prometheus.ts'
import { startService, type Service } from '../children/service.ts'

export interface PrometheusPluginOptions {
  readonly dataDir: string
  /** The repository's `prometheus` folder, absolute. */
  readonly configDir: string
  /** $PATH. */
  readonly searchPath: string
  readonly prometheus: PrometheusConfig
  readonly alertmanager: AlertmanagerConfig
  /** Where Aura's metrics listen. */
  readonly metrics: { readonly host: string; readonly port: number }
  /** How the metrics port must be spoken to; plain HTTP unless said. */
  readonly scrape?: ScrapeOptions
  /** Where the console listens, and under what people reach it if that differs; alerts link there. */
  readonly console?: { readonly host: string; readonly port: number; readonly publicUrl: string }
  /** Bearer token with which Alertmanager delivers alerts to the console. */
  readonly deliveryToken?: string
}

/** The servers beside Aura, for the table of states. */
export interface Children {
  readonly prometheus: Service
  readonly alertmanager: Service
  /** Waits until each is ready or known not to be, at most `ms`. */
  settled(ms: number): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    children: Children
  }
}

/** The address under which a neighbour reaches a server that listens on `host`. */
export function neighbourAddress(host: string, port: number): string {
  if (host === '0.0.0.0') return `127.0.0.1:${port}`
  if (host === '::') return `[::1]:${port}`
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const bare = (url: string): string => url.replace(/\/+$/, '')

/** Where alerts link to. A console on any free port is not known yet; its address changes with each start anyway. */
export function linksOf(options: Pick<PrometheusPluginOptions, 'console' | 'prometheus'>): Links {
  const grafana = bare(options.prometheus.grafana_url)
  if (options.console === undefined) return { grafana }
  const { host, port, publicUrl } = options.console
  if (publicUrl !== '') return { console: bare(publicUrl), grafana }
  return port === 0 ? { grafana } : { console: `http://${neighbourAddress(host, port)}`, grafana }
}

/** Where Alertmanager delivers to; not to a console on any free port, which is not known yet. */
function deliveryOf({ console, deliveryToken: token }: PrometheusPluginOptions) {
  if (console === undefined || console.port === 0 || token === undefined) return undefined
  return { url: `http://${neighbourAddress(console.host, console.port)}/api/alerts/webhook`, token }
}

/** Prometheus and Alertmanager as children of Aura. Never fails the start: without them the rest runs. */
async function prometheus(app: FastifyInstance, options: PrometheusPluginOptions): Promise<void> {
  const { configDir, dataDir, searchPath } = options
  mkdirSync(dataDir, { recursive: true })
  const deps = { dataDir, searchPath, log: app.log }
  const delivery = deliveryOf(options)
  const alertmanager = await startService(
    alertmanagerService({ config: options.alertmanager, configDir, delivery }),
    deps,
  )
  app.addHook('onClose', () => alertmanager.stop())
  const spec = prometheusService({
    config: options.prometheus,
    configDir,
    metrics: neighbourAddress(options.metrics.host, options.metrics.port),
    alertmanager: alertmanager.address,
    scrape: options.scrape ?? { scheme: 'http' },
    links: linksOf(options),
  })
  const server = await startService(spec, deps)
  app.addHook('onClose', () => server.stop())
  const both = Promise.all([alertmanager.settled, server.settled])
  app.decorate('children', {
    prometheus: server,
    alertmanager,
    async settled(ms) {
      const enough = new AbortController()
      const patience = sleep(ms, undefined, { signal: enough.signal }).catch(() => undefined)
      await Promise.race([both, patience])
      enough.abort()
    },
  })
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(prometheus, { [Symbol.for('skip-override')]: true })
