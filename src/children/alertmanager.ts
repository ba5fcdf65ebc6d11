import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../lib/write-file-atomic.ts'
import type { AlertmanagerConfig } from './config.ts'
import { effectiveAlertmanagerConfig } from './effective-alertmanager.ts'
import type { ServiceSpec } from './service.ts'

export interface AlertmanagerOptions {
  readonly config: AlertmanagerConfig
  /** The repository's `prometheus` folder. */
  readonly configDir: string
  /** Where and with which bearer token it delivers alerts to Aura; undefined: nowhere. */
  readonly delivery: { readonly url: string; readonly token: string } | undefined
}

/** Writes the configuration in force, and beside it the token that it names; returns its path. */
async function writeConfig({ configDir, delivery }: AlertmanagerOptions, folder: string): Promise<string> {
  const source = join(configDir, 'alertmanager.yml')
  const credentialsFile = join(folder, 'aura-token')
  if (delivery !== undefined) writeFileAtomic(credentialsFile, delivery.token)
  const { parse, stringify } = await import('yaml')
  const to = delivery && { url: delivery.url, credentialsFile }
  const config = effectiveAlertmanagerConfig(parse(await readFile(source, 'utf8')), configDir, to)
  const path = join(folder, 'alertmanager.yml')
  writeFileAtomic(path, `# Made at every start from ${source}: change that file, not this one.\n${stringify(config)}`)
  return path
}

/** Alertmanager on loopback, alone (no cluster), with the repository's configuration. */
export function alertmanagerService(options: AlertmanagerOptions): ServiceSpec {
  const { enabled, program, port, retention } = options.config
  return {
    name: 'Alertmanager',
    folder: 'alertmanager',
    enabled,
    programs: program === '' ? ['alertmanager', 'prometheus-alertmanager'] : [program],
    install: 'apt install prometheus-alertmanager, or https://prometheus.io/download/',
    port,
    known: { path: '/api/v2/status', matches: (body) => body.includes('"versionInfo"') },
    async args(chosen, folder) {
      return [
        `--config.file=${await writeConfig(options, folder)}`,
        `--storage.path=${join(folder, 'data')}`,
        `--data.retention=${retention}`,
        `--web.listen-address=127.0.0.1:${chosen}`,
        `--web.external-url=http://127.0.0.1:${chosen}/`,
        '--cluster.listen-address=',
      ]
    },
  }
}
