import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { effectivePrometheusConfig } from '../../src/children/effective-config.ts'
import { root, stack } from './stack.ts'

const header = `# prometheus.yml with the addresses of docker-compose.yml, and two more jobs. Written from it by
# \`npm test -- --update=all compose/prometheus\`; changes here are lost.
`

const job = (name: string, target: string): object => ({ job_name: name, static_configs: [{ targets: [target] }] })

/** What Prometheus reads in its container: rules lie beside the file there too. */
function composed(): string {
  const native: unknown = parse(readFileSync(join(root, 'prometheus/prometheus.yml'), 'utf8'))
  const { scrape_configs, ...rest } = effectivePrometheusConfig(native, {
    addresses: { metrics: 'aura:9464', prometheus: 'prometheus:9090', alertmanager: 'alertmanager:9093' },
    scrape: { scheme: 'http' },
    directory: '',
    // Its environment in the container; Prometheus puts it in.
    links: { console: '${CONSOLE_URL}', grafana: '${GRAFANA_URL}' },
  })
  const jobs = [...(scrape_configs as object[]), job('grafana', 'grafana:3000'), job('tempo', 'tempo:3200')]
  return header + stringify({ ...rest, scrape_configs: jobs }, { singleQuote: true })
}

test('prometheus/compose.yml is prometheus.yml at the addresses of the services', async () => {
  await expect(composed()).toMatchFileSnapshot(join(root, 'prometheus/compose.yml'))
})

test('Prometheus shares a network with all that it scrapes', () => {
  const { scrape_configs } = parse(readFileSync(join(root, 'prometheus/compose.yml'), 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[]
  }
  const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((group) => group.targets))
  expect(targets).toHaveLength(9)
  for (const target of targets) {
    const service = stack.services[target.split(':')[0] ?? '']
    expect(Object.keys(service?.networks ?? {}), target).toContain('telemetry')
  }
})
