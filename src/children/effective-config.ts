import { absolutePaths, isNode, nodes, type Node } from './config-nodes.ts'

/** Addresses in force, `host:port`. */
export interface Addresses {
  readonly metrics: string
  readonly prometheus: string
  /** Undefined: there is none, so nothing about it is left in the file. */
  readonly alertmanager: string | undefined
}

/** How the metrics port must be spoken to. */
export interface ScrapeOptions {
  readonly scheme: 'http' | 'https'
  /** For a certificate that Prometheus has no reason to trust. */
  readonly insecure_skip_verify?: boolean
  readonly username?: string
  readonly password_file?: string
}

/** Under what people reach the pages that alerts link to; undefined: where the rules look for them by themselves. */
export interface Links {
  readonly console?: string | undefined
  readonly grafana?: string | undefined
}

/** The addresses that prometheus/prometheus.yml is written with. */
export const writtenAddresses = {
  metrics: '127.0.0.1:9464',
  prometheus: '127.0.0.1:9090',
  alertmanager: '127.0.0.1:9093',
} as const

/** Puts the addresses in force into `static_configs`; those of nobody are left out, and so are lists left empty. */
function readdress(holder: Node, addresses: Addresses): Node {
  const table = new Map<unknown, string | undefined>(
    Object.entries(writtenAddresses).map(([name, written]) => [written, addresses[name as keyof Addresses]]),
  )
  const inForce = (targets: unknown): unknown[] =>
    (Array.isArray(targets) ? targets : [])
      .map((target: unknown) => (table.has(target) ? table.get(target) : target))
      .filter((target) => target !== undefined)
  const statics = nodes(holder['static_configs'])
    .map((group) => Object.assign({}, group, { targets: inForce(group['targets']) }))
    .filter(({ targets }) => targets.length > 0)
  return 'static_configs' in holder ? { ...holder, static_configs: statics } : holder
}

/** Whether a job has nothing left to scrape, though it once had. */
const isEmptied = (before: Node, after: Node): boolean =>
  nodes(before['static_configs']).length > 0 &&
  nodes(after['static_configs']).length === 0 &&
  !Object.keys(after).some((key) => key.endsWith('_sd_configs'))

function authorise(job: Node, { scheme, insecure_skip_verify, username, password_file }: ScrapeOptions): Node {
  return {
    ...job,
    scheme,
    ...(insecure_skip_verify === true && { tls_config: { insecure_skip_verify } }),
    ...(username !== undefined && { basic_auth: { username, password_file } }),
  }
}

const scrapesAura = (job: Node): boolean =>
  nodes(job['static_configs']).some(
    ({ targets }) => Array.isArray(targets) && targets.includes(writtenAddresses.metrics),
  )

export interface EffectiveOptions {
  readonly addresses: Addresses
  readonly scrape: ScrapeOptions
  /** Where the file lies. */
  readonly directory: string
  readonly links?: Links
}

/**
 * Links as external labels, which the rules' annotations read; they are taken off again before Alertmanager gets the
 * alerts. What the file itself says goes first.
 */
function link(config: Node, { console, grafana }: Links): Node {
  const given = Object.entries({ aura_console_url: console, aura_grafana_url: grafana })
  const labels = Object.fromEntries(given.filter(([, url]) => url !== undefined))
  if (Object.keys(labels).length === 0) return config
  const [global, alerting] = [config['global'], config['alerting']].map((value) => (isNode(value) ? value : {}))
  const own = isNode(global?.['external_labels']) ? global['external_labels'] : {}
  const drop = { action: 'labeldrop', regex: 'aura_(console|grafana)_url' }
  return {
    ...config,
    global: { ...global, external_labels: { ...labels, ...own } },
    alerting: { ...alerting, alert_relabel_configs: [...nodes(alerting?.['alert_relabel_configs']), drop] },
  }
}

/**
 * The Prometheus configuration in force: the parsed prometheus.yml of `directory` with addresses, credentials and
 * paths put in. Pure; whatever else the file holds is kept.
 */
export function effectivePrometheusConfig(
  file: unknown,
  { addresses, scrape, directory, links = {} }: EffectiveOptions,
): Node {
  if (!isNode(file)) throw new Error('prometheus.yml is not a mapping')
  const config = link(absolutePaths(file, directory) as Node, links)
  const jobs = nodes(config['scrape_configs']).flatMap((job) => {
    const moved = readdress(job, addresses)
    if (isEmptied(job, moved)) return []
    return [scrapesAura(job) ? authorise(moved, scrape) : moved]
  })
  const alerting = isNode(config['alerting']) ? config['alerting'] : {}
  const managers = nodes(alerting['alertmanagers']).flatMap((manager) => {
    const moved = readdress(manager, addresses)
    return isEmptied(manager, moved) ? [] : [moved]
  })
  return { ...config, alerting: { ...alerting, alertmanagers: managers }, scrape_configs: jobs }
}
