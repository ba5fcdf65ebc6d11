import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { findFreePort } from '../../src/lib/free-port.ts'
import { startProgram } from './program.ts'

/** Alertmanager whose only receiver does not want to be told, so that every notification fails. */
export async function startAlertmanager(
  program: string,
  directory: string,
  refusing: string,
): Promise<{ readonly address: string } & AsyncDisposable> {
  const address = `127.0.0.1:${await findFreePort(29_193)}`
  const folder = join(directory, 'alertmanager')
  mkdirSync(folder)
  const file = join(folder, 'alertmanager.yml')
  const route = { receiver: 'nobody', group_wait: '0s', group_interval: '2s', repeat_interval: '2s' }
  const receivers = [{ name: 'nobody', webhook_configs: [{ url: refusing }] }]
  writeFileSync(file, stringify({ route, receivers }))
  const running = await startProgram(
    program,
    [
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    `http://${address}/-/ready`,
  )
  return { address, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() }
}
