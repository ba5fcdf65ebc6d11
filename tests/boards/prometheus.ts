import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { effectivePrometheusConfig, type Addresses } from '../../src/children/effective-config.ts'

/** One series of an answer; values are `[seconds, text]`. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

export interface Prometheus extends AsyncDisposable {
  readonly url: string
  /** Evaluates now. Rejects with what Prometheus said. */
  instant(expr: string): Promise<readonly Series[]>
  /** Evaluates every two seconds of the last minute. */
  range(expr: string): Promise<readonly Series[]>
  labelValues(selector: string, label: string): Promise<readonly string[]>
  /** Label sets of all series there are. */
  allSeries(): Promise<readonly Readonly<Record<string, string>>[]>
  /** Type by family. */
  types(): Promise<ReadonlyMap<string, string>>
}

const folder = join(import.meta.dirname, '../../prometheus')

/** The repository's configuration and rules, with scrapes each second in the place of each quarter of a minute. */
function quickConfig(addresses: Addresses): string {
  const config = effectivePrometheusConfig(parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')), {
    addresses,
    scrape: { scheme: 'http' },
    directory: folder,
  })
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  return stringify({ ...config, global })
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

/** Starts Prometheus on loopback, with everything in `directory`, and waits until it answers. */
export async function startPrometheus(program: string, directory: string, addresses: Addresses): Promise<Prometheus> {
  const file = join(directory, 'prometheus.yml')
  writeFileSync(file, quickConfig(addresses))
  const child = spawn(
    program,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=${addresses.prometheus}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const ended = once(child, 'exit')
  const url = `http://${addresses.prometheus}`
  for (
    let tries = 0;
    !(await fetch(`${url}/-/ready`).then(
      (r) => r.ok,
      () => false,
    ));
    tries++
  ) {
    if (child.exitCode !== null || tries > 150) throw new Error(`Prometheus does not start:\n${log}`)
    await sleep(100)
  }
  return {
    url,
    instant: async (query) => seriesOf(await ask(`${url}/api/v1/query`, { query })),
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
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
