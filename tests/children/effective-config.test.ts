import { readFileSync } from 'node:fs'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { effectivePrometheusConfig, writtenAddresses } from '../../src/children/effective-config.ts'
import { findProgram } from '../../src/children/find-program.ts'
import { linksOf, neighbourAddress } from '../../src/plugins/prometheus.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

removeScratchAfterEach()

interface Job {
  job_name: string
  metrics_path?: string
  scheme?: string
  static_configs: { targets: string[] }[]
  tls_config?: object
  basic_auth?: object
}
interface Config {
  global?: object
  rule_files: string[]
  alerting: { alertmanagers: Job[]; alert_relabel_configs?: object[] }
  scrape_configs: Job[]
}

const directory = join(import.meta.dirname, '../../prometheus')
const file = (): unknown => parse(readFileSync(join(directory, 'prometheus.yml'), 'utf8'))
const http = { scheme: 'http' } as const
const addresses = { metrics: '10.0.0.7:1000', prometheus: '127.0.0.1:2000', alertmanager: '127.0.0.1:3000' }
const effective = (source: unknown, more: object = {}): Config =>
  effectivePrometheusConfig(source, { addresses, scrape: http, directory, ...more }) as unknown as Config
const targets = (config: Config): Record<string, string[]> =>
  Object.fromEntries(config.scrape_configs.map((job) => [job.job_name, job.static_configs.flatMap((s) => s.targets)]))

test('the repository’s file has the jobs that rules and boards count on, on their paths', () => {
  const { scrape_configs } = file() as Config
  expect(Object.fromEntries(scrape_configs.map((job) => [job.job_name, job.metrics_path ?? '/metrics']))).toEqual({
    node: '/metrics/host',
    postgres: '/metrics/postgres',
    gpu: '/metrics/gpu',
    ollama: '/metrics/ollama',
    aura: '/metrics',
    prometheus: '/metrics',
    alertmanager: '/metrics',
  })
})

test('addresses in force replace the written ones, and rules are found where they lie', () => {
  const config = effective(file())
  expect(targets(config)).toEqual({
    node: [addresses.metrics],
    postgres: [addresses.metrics],
    gpu: [addresses.metrics],
    ollama: [addresses.metrics],
    aura: [addresses.metrics],
    prometheus: [addresses.prometheus],
    alertmanager: [addresses.alertmanager],
  })
  expect(config.alerting.alertmanagers[0]?.static_configs).toEqual([{ targets: [addresses.alertmanager] }])
  expect(config.rule_files).toEqual([join(directory, 'rules/*.yml')])
})

test('without an Alertmanager nothing is left that would be down for ever', () => {
  const config = effective(file(), { addresses: { ...addresses, alertmanager: undefined } })
  expect(Object.keys(targets(config))).not.toContain('alertmanager')
  expect(config.alerting.alertmanagers).toEqual([])
  expect(JSON.stringify(config)).not.toContain(writtenAddresses.alertmanager)
})

test('TLS and a password concern the jobs that scrape Aura, and no other', () => {
  const scrape = { scheme: 'https', insecure_skip_verify: true, username: 'p', password_file: '/run/secret' } as const
  for (const job of effective(file(), { scrape }).scrape_configs) {
    const ours = !['prometheus', 'alertmanager'].includes(job.job_name)
    expect(job.scheme).toBe(ours ? 'https' : undefined)
    expect(job.tls_config).toEqual(ours ? { insecure_skip_verify: true } : undefined)
    expect(job.basic_auth).toEqual(ours ? { username: 'p', password_file: '/run/secret' } : undefined)
  }
})

test('what a user added is kept, with paths that still lead to the same files', () => {
  const mine = {
    job_name: 'mine',
    static_configs: [{ targets: ['nas:9100'], labels: { room: 'cellar' } }],
    tls_config: { ca_file: 'ca.pem', cert_file: '/etc/cert.pem' },
    file_sd_configs: [{ files: ['more/*.json'] }],
  }
  const source = { global: { external_labels: { site: 'home' } }, scrape_configs: [mine], storage: { x: 1 } }
  expect(effective(source)).toEqual({
    ...source,
    alerting: { alertmanagers: [] },
    scrape_configs: [
      {
        ...mine,
        tls_config: { ca_file: join(directory, 'ca.pem'), cert_file: '/etc/cert.pem' },
        file_sd_configs: [{ files: [join(directory, 'more/*.json')] }],
      },
    ],
  })
})

test('links become external labels, which Alertmanager does not see; what the file says of them is kept', () => {
  const links = { console: 'https://aura.example', grafana: 'https://boards.example' }
  const drop = { action: 'labeldrop', regex: 'aura_(console|grafana)_url' }
  const config = effective(file(), { links })
  expect(config.global).toMatchObject({
    scrape_interval: '15s',
    external_labels: { aura_console_url: links.console, aura_grafana_url: links.grafana },
  })
  expect(config.alerting).toMatchObject({ alertmanagers: [{}], alert_relabel_configs: [drop] })

  const external_labels = { site: 'home', aura_grafana_url: 'http://mine' }
  const own = { global: { external_labels }, alerting: { alert_relabel_configs: [{ action: 'drop' }] } }
  const merged = effective(own, { links })
  expect(merged.global).toEqual({ external_labels: { ...external_labels, aura_console_url: links.console } })
  expect(merged.alerting.alert_relabel_configs).toEqual([{ action: 'drop' }, drop])
  expect(effective(own).alerting.alert_relabel_configs).toEqual([{ action: 'drop' }])
})

test.each([
  ['its public address', { host: '0.0.0.0', port: 8080, publicUrl: 'https://aura.example/' }, 'https://aura.example'],
  ['its own address', { host: '::', port: 81, publicUrl: '' }, 'http://[::1]:81'],
  ['nowhere: any free port', { host: '127.0.0.1', port: 0, publicUrl: '' }, undefined],
  ['nowhere: there is none', undefined, undefined],
])('alerts link to the console at %s', (_, console, url) => {
  const grafana_url = 'https://boards.example/grafana/'
  const prometheus = { enabled: true, program: '', port: 9090, retention: '1h', remote_write_receiver: false }
  const links = linksOf({ prometheus: { ...prometheus, grafana_url }, ...(console && { console }) })
  expect(links).toEqual({ grafana: 'https://boards.example/grafana', ...(url !== undefined && { console: url }) })
})

test('a file that is no mapping is refused', () => {
  expect(() => effective(parse('just text'))).toThrow('prometheus.yml is not a mapping')
})

test('a program is the first executable file of its names in the search path', () => {
  const [one, two] = [scratch(), scratch()]
  mkdirSync(join(one, 'alertmanager'))
  writeFileSync(join(one, 'prometheus-alertmanager'), '')
  expect(findProgram(['alertmanager', 'prometheus-alertmanager'], `${one}:${two}:`)).toBeUndefined()
  writeFileSync(join(two, 'prometheus-alertmanager'), '')
  chmodSync(join(two, 'prometheus-alertmanager'), 0o755)
  const found = join(two, 'prometheus-alertmanager')
  expect(findProgram(['alertmanager', 'prometheus-alertmanager'], `${one}:${two}`)).toBe(found)
  expect(findProgram([found], '')).toBe(found)
  expect(findProgram([join(one, 'prometheus-alertmanager')], two)).toBeUndefined()
})

test.each([
  ['0.0.0.0', '127.0.0.1:9464'],
  ['::', '[::1]:9464'],
  ['fd00::7', '[fd00::7]:9464'],
  ['10.0.0.7', '10.0.0.7:9464'],
])('a server on %s is reached at %s', (host, address) => {
  expect(neighbourAddress(host, 9464)).toBe(address)
})
