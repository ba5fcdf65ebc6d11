import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { effectivePrometheusConfig, type Addresses } from '../../src/children/effective-config.ts'
import { startProgram } from './program.ts'

/** One series of an answer; values are `[seconds, text]`. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

export interface Prometheus extends AsyncDisposable {
  readonly url: string
  /** Evaluates now, or at a time (seconds). Rejects with what Prometheus said. */
  instant(expr: string, at?: number): Promise<readonly Series[]>
  /** Resolves once this finds something. */
  until(expr: string): Promise<void>
  /** Evaluates every two seconds of the last minute. */
  range(expr: string): Promise<readonly Series[]>
  labelValues(selector: string, label: string): Promise<readonly string[]>
  /** Label sets of all series there are. */
  allSeries(): Promise<readonly Readonly<Record<string, string>>[]>
  /** Type by family. */
  types(): Promise<ReadonlyMap<string, string>>
}

const folder = join(import.meta.dirname, '../../prometheus')

/** Where further machines are scraped, by job. */
export type Further = Readonly<Record<string, string>>

interface Job {
  readonly job_name: string
  readonly static_configs: readonly { readonly targets: readonly string[] }[]
}

/** The repository's configuration and rules, with scrapes each second in the place of each quarter of a minute. */
function quickConfig(addresses: Addresses, further: Further): string {
  const config = effectivePrometheusConfig(parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')), {
    addresses,
    scrape: { scheme: 'http' },
    directory: folder,
  })
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  const jobs = config['scrape_configs'] as readonly Job[]
  const targetsOf = ({ job_name, static_configs }: Job) => {
    const more = further[job_name]
    return more === undefined ? static_configs : [...static_configs, { targets: [more] }]
  }
  const scrape_configs = jobs.map((job) => Object.assign({}, job, { static_configs: targetsOf(job) }))
  return stringify({ ...config, global, scrape_configs })
}

type Answer<Data> = { readonly status: 'success'; readonly data: Data } | { readonly status: 'error'; error: string }

async function ask<Data>(url: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) })
  const answer = (await response.json()) as Answer<Data>
  if (answer.status === 'error') throw new Error(answer.error)
  return answer.data
}

async function look<Data>(url: string): Promise<Data> {
  return ((await (await fetch(url)).json()) as { data: Data }).data
}

type Vector = { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }

const seriesOf = ({ result }: { result: Vector[] | [number, string] }): Series[] => {
  if (typeof result[0] === 'number') return [{ metric: {}, values: [result as [number, string]] }]
  return (result as Vector[]).map(({ metric, value, values }) => ({ metric, values: values ?? (value ? [value] : []) }))
}

/** Starts Prometheus on loopback, with everything in `directory` and these flags besides, and waits until it answers. */
export async function startPrometheus(
  program: string,
  directory: string,
  addresses: Addresses,
  further: Further = {},
  flags: readonly string[] = [],
): Promise<Prometheus> {
  const file = join(directory, 'prometheus.yml')
  writeFileSync(file, quickConfig(addresses, further))
  const url = `http://${addresses.prometheus}`
  const running = await startProgram(
    program,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=${addresses.prometheus}`,
      // An alert that fired before Alertmanager was known is told again at once.
      '--rules.alert.resend-delay=1s',
      ...flags,
    ],
    `${url}/-/ready`,
  )
  const instant = async (query: string, at = Date.now() / 1000): Promise<Series[]> =>
    seriesOf(await ask(`${url}/api/v1/query`, { query, time: String(at) }))
  return {
    url,
    instant,
    async until(expr) {
      for (let tries = 0; (await instant(expr)).length === 0; tries++) {
        if (tries > 300) throw new Error(`nothing is found with ${expr}`)
        await sleep(100)
      }
    },
    async range(query) {
      const end = Date.now() / 1000
      const parameters = { query, start: String(end - 60), end: String(end), step: '2' }
      return seriesOf(await ask(`${url}/api/v1/query_range`, parameters))
    },
    labelValues: (selector, label) =>
      look(`${url}/api/v1/label/${label}/values?match[]=${encodeURIComponent(selector)}`),
    allSeries: () => look(`${url}/api/v1/series?match[]=${encodeURIComponent('{__name__=~".+"}')}`),
    async types() {
      const metadata = await look<Record<string, { type: string }[]>>(`${url}/api/v1/metadata`)
      return new Map(Object.entries(metadata).map(([name, [first]]) => [name, first?.type ?? 'unknown']))
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}
