import { join } from 'node:path'
import type { AlertmanagerConfig } from './config.ts'
import type { ServiceSpec } from './service.ts'

/** Alertmanager on loopback, alone (no cluster), with the repository's configuration as it is. */
export function alertmanagerService(config: AlertmanagerConfig, configDir: string): ServiceSpec {
  const { enabled, program, port, retention } = config
  return {
    name: 'Alertmanager',
    folder: 'alertmanager',
    enabled,
    programs: program === '' ? ['alertmanager', 'prometheus-alertmanager'] : [program],
    install: 'apt install prometheus-alertmanager, or https://prometheus.io/download/',
    port,
    known: { path: '/api/v2/status', matches: (body) => body.includes('"versionInfo"') },
    args: (chosen, folder) =>
      Promise.resolve([
        `--config.file=${join(configDir, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--data.retention=${retention}`,
        `--web.listen-address=127.0.0.1:${chosen}`,
        `--web.external-url=http://127.0.0.1:${chosen}/`,
        '--cluster.listen-address=',
      ]),
  }
}
