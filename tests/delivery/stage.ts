import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { effectivePrometheusConfig } from '../../src/children/effective-config.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { startProgram } from '../boards/program.ts'

const shipped = join(import.meta.dirname, '../../prometheus')

/** An alert as Alertmanager tells it (webhook, version 4). */
export interface Told {
  readonly status: 'firing' | 'resolved'
  readonly receiver: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Somebody who is told: keeps what came, of those who know the token. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly told: readonly Told[]
  /** Requests without the token. */
  refused(): number
}

export const token = 'only-alertmanager-knows'

interface Notification {
  readonly version: string
  readonly receiver: string
  readonly alerts: readonly Omit<Told, 'receiver'>[]
}

export async function startReceiver(): Promise<Receiver> {
  const told: Told[] = []
  let refused = 0
  const server = createServer((request, response) => {
    void (async () => {
      const text = (await request.toArray()).join('')
      const welcome = request.headers.authorization === `Bearer ${token}`
      if (!welcome) refused++
      else {
        const { version, receiver, alerts } = JSON.parse(text) as Notification
        if (version === '4') told.push(...alerts.map((alert) => Object.assign(alert, { receiver })))
      }
      response.writeHead(welcome ? 200 : 401).end()
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Record<string, unknown>[] }[]
}

function hasty(rule: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { keep_firing_for: _, ...rest } = rule
  return 'for' in rest ? { ...rest, for: '1s' } : rest
}

/** The rules as shipped, but for the time that an alert must hold: a second for whatever it was. */
function hastyRules(directory: string): void {
  mkdirSync(join(directory, 'rules'))
  for (const name of readdirSync(join(shipped, 'rules'))) {
    const { groups } = parse(readFileSync(join(shipped, 'rules', name), 'utf8')) as Rules
    const shortened = groups.map(({ rules, ...group }) => Object.assign({}, group, { rules: rules.map(hasty) }))
    writeFileSync(join(directory, 'rules', name), stringify({ groups: shortened }))
  }
}

interface Route {
  readonly receiver: string
}
interface ManagerConfig {
  readonly route: { readonly routes: readonly Route[] }
  readonly receivers: readonly { readonly name: string; readonly webhook_configs?: readonly object[] }[]
}
const managerConfig = (name: string) => parse(readFileSync(join(shipped, name), 'utf8')) as ManagerConfig

/** Somebody who is told, and what they want to see for it. */
interface Door {
  readonly url: string
  readonly token: string
}

/** Whom Alertmanager tells: people, and Aura. */
export interface Doors {
  readonly people: Door
  readonly aura: Door
}

/** Routes and inhibitions as shipped, and the example's one to Aura, without waiting; all are told here. */
function hastyAlertmanager(directory: string, doors: Doors): string {
  const [config, example] = [managerConfig('alertmanager.yml'), managerConfig('alertmanager.example.yml')]
  const opened = (name: keyof Doors) => {
    const credentials_file = join(directory, `${name}-token`)
    writeFileSync(credentials_file, doors[name].token, { mode: 0o600 })
    return { url: doors[name].url, http_config: { authorization: { credentials_file } } }
  }
  const haste = { group_wait: '0s', group_interval: '1s' }
  const toAura = example.route.routes.filter(({ receiver }) => receiver === 'aura')
  const routes = [...toAura, ...config.route.routes].map((route) => Object.assign({}, route, haste))
  const people = { webhook_configs: [{ ...opened('people'), send_resolved: true }] }
  const receivers = config.receivers.map((one) =>
    one.name === 'page' || one.name === 'day' ? { ...one, ...people } : one,
  )
  const [webhook] = example.receivers.find(({ name }) => name === 'aura')?.webhook_configs ?? []
  const aura = { name: 'aura', webhook_configs: [{ ...webhook, ...opened('aura') }] }
  const file = join(directory, 'alertmanager.yml')
  const route = { ...config.route, ...haste, routes }
  writeFileSync(file, stringify({ ...config, route, receivers: [...receivers, aura] }))
  return file
}

export const links = { console: 'https://aura.example', grafana: 'https://boards.example' }

interface Scraped {
  /** Address of host and PostgreSQL. */
  readonly metrics: string
  /** Address of Aura's own metrics. */
  readonly aura: string
}

interface Job {
  readonly job_name: string
}

/** As shipped, each second, with the rules in a hurry. */
function hastyPrometheus(directory: string, { metrics, aura }: Scraped, prometheus: string, manager: string): string {
  hastyRules(directory)
  const written: unknown = parse(readFileSync(join(shipped, 'prometheus.yml'), 'utf8'))
  const config = effectivePrometheusConfig(written, {
    addresses: { metrics, prometheus, alertmanager: manager },
    scrape: { scheme: 'http' },
    directory,
    links,
  })
  const global = Object.assign({}, config['global'], {
    scrape_interval: '1s',
    scrape_timeout: '1s',
    evaluation_interval: '1s',
  })
  const jobs = (config['scrape_configs'] as readonly Job[]).map((job) =>
    Object.assign({}, job, job.job_name === 'aura' && { static_configs: [{ targets: [aura] }] }),
  )
  const file = join(directory, 'prometheus.yml')
  writeFileSync(file, stringify({ ...config, global, scrape_configs: jobs }))
  return file
}

export interface Programs {
  readonly prometheus: string
  readonly alertmanager: string
}

/** Prometheus and Alertmanager with what this repository ships, scraping these each second and telling those. */
export async function startStage(
  { prometheus, alertmanager }: Programs,
  directory: string,
  scraped: Scraped,
  doors: Doors,
): Promise<AsyncDisposable> {
  const managerAddress = `127.0.0.1:${await findFreePort(29_393)}`
  const address = `127.0.0.1:${await findFreePort(29_290)}`
  await using started = new AsyncDisposableStack()
  started.use(
    await startProgram(
      alertmanager,
      [
        `--config.file=${hastyAlertmanager(directory, doors)}`,
        `--storage.path=${join(directory, 'alertmanager')}`,
        `--web.listen-address=${managerAddress}`,
        '--cluster.listen-address=',
      ],
      `http://${managerAddress}/-/ready`,
    ),
  )
  started.use(
    await startProgram(
      prometheus,
      [
        `--config.file=${hastyPrometheus(directory, scraped, address, managerAddress)}`,
        `--storage.tsdb.path=${join(directory, 'tsdb')}`,
        `--web.listen-address=${address}`,
        '--rules.alert.resend-delay=1s',
      ],
      `http://${address}/-/ready`,
    ),
  )
  return started.move()
}
