import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../lib/write-file-atomic.ts'
import type { PrometheusConfig } from './config.ts'
import { effectivePrometheusConfig, type Links, type ScrapeOptions } from './effective-config.ts'
import type { ServiceSpec } from './service.ts'

export interface PrometheusOptions {
  readonly config: PrometheusConfig
  /** The repository's `prometheus` folder. */
  readonly configDir: string
  /** `host:port` of Aura's metrics. */
  readonly metrics: string
  readonly alertmanager: string | undefined
  readonly scrape: ScrapeOptions
  readonly links: Links
}

/** Writes the configuration in force and returns its path. */
async function writeConfig(options: PrometheusOptions, port: number, folder: string): Promise<string> {
  const { configDir, metrics, alertmanager, scrape, links } = options
  const source = join(configDir, 'prometheus.yml')
  const { parse, stringify } = await import('yaml')
  const config = effectivePrometheusConfig(parse(await readFile(source, 'utf8')), {
    addresses: { metrics, prometheus: `127.0.0.1:${port}`, alertmanager },
    scrape,
    directory: configDir,
    links,
  })
  const path = join(folder, 'prometheus.yml')
  writeFileAtomic(path, `# Made at every start from ${source}: change that file, not this one.\n${stringify(config)}`)
  return path
}

/** Prometheus on loopback with the repository's configuration. The flags are the same in 2.42 and 3.x. */
export function prometheusService(options: PrometheusOptions): ServiceSpec {
  const { enabled, program, port, retention, remote_write_receiver: receives } = options.config
  return {
    name: 'Prometheus',
    folder: 'prometheus',
    enabled,
    programs: program === '' ? ['prometheus'] : [program],
    install: 'apt install prometheus, or https://prometheus.io/download/',
    port,
    known: { path: '/api/v1/status/buildinfo', matches: (body) => /"status":\s*"success".*"version"/s.test(body) },
    async args(chosen, folder) {
      return [
        `--config.file=${await writeConfig(options, chosen, folder)}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--storage.tsdb.retention.time=${retention}`,
        `--web.listen-address=127.0.0.1:${chosen}`,
        `--web.external-url=http://127.0.0.1:${chosen}/`,
        // Which trace was so long: dots on latency graphs. 2.42 to 3.x keep them only when told to.
        '--enable-feature=exemplar-storage',
        ...(receives ? ['--web.enable-remote-write-receiver'] : []),
      ]
    },
  }
}
